package dev.flusso.cli.command;

import java.util.Arrays;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Help that names each option's variable under its description. */
final class HelpWithVariables extends Help {

    HelpWithVariables(CommandSpec spec, ColorScheme colours) {
        super(spec, colours);
    }

    @Override
    public IOptionRenderer createDefaultOptionRenderer() {
        var plain = super.createDefaultOptionRenderer();
        return (option, labels, colours) -> withVariable(plain.render(option, labels, colours), option, colours);
    }

    @Override
    public IParameterRenderer createDefaultParameterRenderer() {
        var plain = super.createDefaultParameterRenderer();
        return (parameter, labels, colours) ->
                withVariable(plain.render(parameter, labels, colours), parameter, colours);
    }

    private static Text[][] withVariable(Text[][] rows, ArgSpec argument, ColorScheme colours) {
        var variable = EnvironmentDefaults.variable(argument);
        if (variable.isEmpty() || rows.length == 0) {
            return rows;
        }
        var all = new Text[rows.length + 1][];
        System.arraycopy(rows, 0, all, 0, rows.length);
        var empty = colours.ansi().text("");
        var last = new Text[rows[0].length];
        Arrays.fill(last, empty);
        last[last.length - 1] = colours.ansi().new Text("[env: " + variable.get() + "]", colours);
        all[rows.length] = last;
        return all;
    }
}
