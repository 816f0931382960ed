package dev.flusso.cli.command;

import dev.flusso.cli.http.Credentials;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may use the private surface, on both of its sides. */
final class AdminOptions {
    @Option(
            names = "--admin-user",
            paramLabel = "<name>",
            defaultValue = "admin",
            description = "user of the private address (${DEFAULT-VALUE})")
    private String user = "admin";

    @Option(
            names = "--admin-password",
            paramLabel = "<password>",
            description =
                    "password of the private address; there is no default: without one it answers on loopback only."
                            + " Better given by its variable, as others can see a command line")
    private @Nullable String password;

    Credentials credentials() {
        try {
            return new Credentials(user, password == null || password.isEmpty() ? null : password);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
        }
    }
}
