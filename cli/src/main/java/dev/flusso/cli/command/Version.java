package dev.flusso.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this program, as it was built. */
public final class Version {
    private Version() {}

    /** {@code 0.1.0}. */
    public static String number() {
        var properties = new Properties();
        try (var in = Version.class.getResourceAsStream("/dev/flusso/cli/version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from the jar; the build is incomplete");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties cannot be read", e);
        }
        return properties.getProperty("version");
    }

    /** What {@code --version} prints: the program, and the JVM it runs on. */
    public static String line() {
        return "flusso " + number() + " (JDK " + Runtime.version() + ")";
    }
}
