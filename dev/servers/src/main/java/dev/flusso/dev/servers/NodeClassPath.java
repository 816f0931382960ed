package dev.flusso.dev.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Finds the class path of the OpenSearch node, which the build of {@code dev/opensearch-node} writes to {@code target/classpath.txt}.
 *
 * <p>In this order: the system property {@value #PROPERTY}, the environment variable {@value #VARIABLE} (both a whole class path);
 * {@code dev/opensearch-node} below the repository that the system property {@value #ROOT} names (the build sets it for all tests), or
 * that lies above the working directory (for tests started from an editor).
 */
public final class NodeClassPath {

    public static final String PROPERTY = "flusso.opensearch.classpath";
    public static final String VARIABLE = "FLUSSO_OPENSEARCH_CLASSPATH";
    public static final String ROOT = "flusso.root";

    private static final String MODULE = "dev/opensearch-node";
    private static final String LIST = "classpath.txt";

    private NodeClassPath() {}

    static String found() {
        return found(System.getProperties(), System.getenv(), Path.of("").toAbsolutePath());
    }

    static String found(Properties properties, Map<String, String> environment, Path workingDirectory) {
        var given = properties.getProperty(PROPERTY, environment.get(VARIABLE));
        if (given != null && !given.isBlank()) {
            return given;
        }
        return ofRoots(roots(properties, workingDirectory));
    }

    /** Where the module's build has put what belongs to the node. */
    static Path target() {
        return target(roots(System.getProperties(), Path.of("").toAbsolutePath()));
    }

    private static List<Path> roots(Properties properties, Path workingDirectory) {
        var roots = new ArrayList<Path>();
        var root = properties.getProperty(ROOT);
        if (root != null && !root.isBlank()) {
            roots.add(Path.of(root));
        }
        for (@Nullable Path folder = workingDirectory; folder != null; folder = folder.getParent()) {
            roots.add(folder);
        }
        return roots;
    }

    /** The class path that was built below {@code repository}, to pass on by {@value #PROPERTY} or {@link SearchServer.Builder}. */
    public static String of(Path repository) {
        return ofRoots(List.of(repository));
    }

    private static String ofRoots(List<Path> roots) {
        var target = target(roots);
        var list = target.resolve(LIST);
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(list).strip();
        } catch (IOException e) {
            throw new ServerException("cannot read the OpenSearch node's class path " + list + ": " + e, e);
        }
    }

    private static Path target(List<Path> roots) {
        return roots.stream()
                .map(root -> root.resolve(MODULE).resolve("target").toAbsolutePath())
                .filter(target -> Files.exists(target.resolve(LIST)))
                .findFirst()
                .orElseThrow(() -> new ServerException("the OpenSearch node is not built: no " + MODULE
                        + "/target/classpath.txt below " + roots.get(0) + "; run 'mvn -pl " + MODULE
                        + " process-classes' in the repository, or set the system property '" + PROPERTY + "'"));
    }
}
