package dev.flusso.schema.parse;

import dev.flusso.schema.Setting;
import java.util.regex.Pattern;

/** Reads what may be given or left to the environment; its messages never hold the value. */
final class Settings {

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Settings() {}

    static Setting setting(Table table, String key) {
        var found = table.node(key);
        if (found == null) {
            return new Setting.Unset();
        }
        var text = Table.text(found);
        if (text.isPresent()) {
            return new Setting.Given(text.orElseThrow());
        }
        if (found instanceof Node.Mapping mapping) {
            return fromEnv(table, key, mapping);
        }
        table.problems()
                .add(
                        found.place(),
                        "'" + key + "' is " + found.kind() + ", expected a string or { env = \"VARIABLE\" }");
        return new Setting.Unset();
    }

    static Setting fromEnv(Table table, String key, Node.Mapping mapping) {
        var env = new Table(mapping, "'" + key + "'", java.util.List.of("env"), table.problems());
        var variable = env.requiredText("env", "the name of an environment variable");
        if (variable.isEmpty()) {
            return new Setting.Unset();
        }
        if (!VARIABLE.matcher(variable.orElseThrow()).matches()) {
            table.problems()
                    .add(
                            env.place("env"),
                            "'env' of '" + key
                                    + "' is no name of an environment variable, expected letters, digits and '_'");
            return new Setting.Unset();
        }
        return new Setting.FromEnv(variable.orElseThrow());
    }
}
