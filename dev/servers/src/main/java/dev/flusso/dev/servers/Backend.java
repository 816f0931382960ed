package dev.flusso.dev.servers;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the servers are made of. */
public enum Backend {
    /** Child processes from the binaries of Maven artifacts; needs nothing installed. */
    EMBEDDED,
    /** Containers of the official images, through Testcontainers; needs a container engine. */
    DOCKER;

    /** The system property that chooses, for all tests of a build: {@code embedded} (default) or {@code docker}. */
    public static final String PROPERTY = "flusso.it.backend";

    /** What {@value #PROPERTY} says. */
    public static Backend chosen() {
        return parse(System.getProperty(PROPERTY));
    }

    static Backend parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return EMBEDDED;
        }
        return Arrays.stream(values())
                .filter(backend -> backend.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "system property '" + PROPERTY + "' is '" + text + "', expected 'embedded' or 'docker'"));
    }
}
