package dev.flusso.cli.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the private surface.
 *
 * @param user never with a colon, which HTTP basic cannot carry
 * @param password null when there is none
 */
public record Credentials(String user, @Nullable String password) {

    public Credentials {
        if (user.contains(":")) {
            throw new IllegalArgumentException(
                    "the admin user '" + user + "' has a colon, which HTTP basic cannot carry");
        }
    }

    /** The password, if there is one. */
    public Optional<String> secret() {
        return Optional.ofNullable(password);
    }

    /** Never prints the password. */
    @Override
    public String toString() {
        return user + (password == null ? " (no password)" : " (password given)");
    }
}
