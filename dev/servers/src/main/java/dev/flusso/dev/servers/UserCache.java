package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where unpacked binaries are kept from one run to the next. */
final class UserCache {

    private UserCache() {}

    /** A writable cache folder, made when absent. */
    static Path folder() {
        var tried = new ArrayList<String>();
        for (var candidate : candidates(System.getenv(), System.getProperty("user.home"))) {
            try {
                Files.createDirectories(candidate);
                if (Files.isWritable(candidate)) {
                    return candidate;
                }
                tried.add(candidate + " (not writable)");
            } catch (IOException e) {
                tried.add(candidate + " (" + e + ")");
            }
        }
        throw new ServerException("no folder for unpacked binaries can be made, tried " + tried
                + "; set XDG_CACHE_HOME to a writable folder");
    }

    /** A folder that other users can enter, for a Postgres that must run as one of them. */
    static Path sharedFolder() {
        return temporary();
    }

    static List<Path> candidates(Map<String, String> environment, @Nullable String home) {
        var candidates = new ArrayList<Path>();
        var chosen = environment.get("XDG_CACHE_HOME");
        if (chosen != null && Path.of(chosen).isAbsolute()) { // the XDG specification: relative ones are to be ignored
            candidates.add(Path.of(chosen, "flusso-dev"));
        }
        if (home != null && Path.of(home).isAbsolute()) {
            candidates.add(Path.of(home, ".cache", "flusso-dev"));
        }
        candidates.add(temporary());
        return candidates;
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"), "flusso-dev-cache-" + System.getProperty("user.name"));
    }
}
