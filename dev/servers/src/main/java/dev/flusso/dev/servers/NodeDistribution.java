package dev.flusso.dev.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An unpacked distribution of OpenSearch with {@code lib}, {@code modules} and {@code plugins}, which a profile of
 * {@code dev/opensearch-node} puts below its {@code target}. Nothing is written into it.
 *
 * @param home its folder
 * @param program where our own main class is
 * @param java the oldest Java it runs on
 */
record NodeDistribution(Path home, Path program, int java) {

    /** The one that is needed, or null when the plain class path of {@link NodeClassPath} does. */
    static @Nullable NodeDistribution of(boolean secured, int major) {
        if (secured) {
            return found("secured", "security", 17);
        }
        return major == 3 ? found("opensearch3", "opensearch3", 21) : null;
    }

    /** Whether the profile {@code security} was built. */
    static boolean isSecuredBuilt() {
        return Files.isDirectory(NodeClassPath.target().resolve("secured"));
    }

    private static NodeDistribution found(String folder, String profile, int java) {
        var target = NodeClassPath.target();
        var parent = target.resolve(folder);
        try (Stream<Path> inside = Files.isDirectory(parent) ? Files.list(parent) : Stream.empty()) {
            return inside.filter(path -> Files.isDirectory(path.resolve("lib")))
                    .findFirst()
                    .map(home -> new NodeDistribution(home, target.resolve("classes"), java))
                    .orElseThrow(() -> new ServerException("no distribution of OpenSearch below " + parent
                            + "; give Maven the profile '-P" + profile + "'"));
        } catch (IOException e) {
            throw new ServerException("cannot look into " + parent + ": " + e, e);
        }
    }

    /** Its libraries behind our main class; modules and plugins it finds by itself. */
    String classPath() {
        try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
            return Stream.concat(
                            Stream.of(program),
                            libraries
                                    .filter(path -> path.toString().endsWith(".jar"))
                                    .sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new ServerException("cannot list the libraries of " + home + ": " + e, e);
        }
    }
}
