package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.RunOptions;
import dev.flusso.cli.command.Shell;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where what runs was given: for the banner. Never a value, so never a secret. */
final class Origins {

    private final SortedMap<String, String> origins;
    private final Shell shell;

    private Origins(Map<String, String> known, Shell shell) {
        this.origins = new TreeMap<>(known);
        this.shell = shell;
    }

    /**
     * By setting: {@code file}, {@code variable X}, {@code flag --x} or {@code default}. What only the config can say, or nobody said,
     * is not among them.
     *
     * @param known those that may come from the environment besides
     */
    static SortedMap<String, String> of(RunOptions options, Shell shell, Map<String, String> known) {
        var origins = new Origins(known, shell);
        origins.add("definition", "config", options.config());
        origins.add("journal.path", "journal", options.journal());
        origins.add("prefix", "index-prefix", options.indexPrefix());
        origins.add("source.manage_publication", "manage-publication", options.managePublication());
        origins.add("server.public_address", "public-address", options.publicAddress());
        origins.add("server.private_address", "private-address", options.privateAddress());
        origins.add("server.capture_address", "capture-address", options.captureAddress());
        origins.add("slot", "slot", options.slot().equals("flusso") ? null : options.slot());
        origins.add(
                "publication", "publication", options.publication().equals("flusso") ? null : options.publication());
        origins.add(
                "admin_password",
                "admin-password",
                options.credentials().secret().orElse(null));
        origins.origins.putIfAbsent("definition", options.locked() ? "default, the lock" : "default");
        origins.origins.putIfAbsent("slot", "default");
        origins.origins.putIfAbsent("publication", "default");
        return origins.origins;
    }

    /** One that was given is the variable's when that is set to the same, else the flag's. */
    private void add(String setting, String flag, @Nullable Object value) {
        if (value == null) {
            return;
        }
        var variable = "FLUSSO_" + flag.replace('-', '_').toUpperCase(Locale.ROOT);
        var same = shell.variable(variable).filter(text -> text.equals(value.toString()));
        origins.put(setting, same.isPresent() ? "variable " + variable : "flag --" + flag);
    }
}
