package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK of this machine.
 *
 * @param major its release, such as 17
 */
public record JavaHome(int major, Path home) {

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    /** The one this JVM runs on. */
    public static JavaHome own() {
        return new JavaHome(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
    }

    /** Our own when it will do, else the newest that {@link #others} finds. */
    public static JavaHome atLeast(int major) {
        var own = own();
        if (own.major >= major) {
            return own;
        }
        return others().stream()
                .filter(found -> found.major >= major)
                .max(Comparator.comparingInt(JavaHome::major))
                .orElseThrow(() -> new ServerException("no JDK " + major + " or newer found, this one is " + own.major
                        + "; let JAVA_25_HOME name one, or run Maven on one"));
    }

    /** Exactly that release, ours or another. */
    public static Optional<JavaHome> exactly(int major) {
        return Stream.concat(Stream.of(own()), others().stream())
                .filter(found -> found.major == major)
                .findFirst();
    }

    /** What {@code JAVA_25_HOME} names, then what is in the usual places. */
    private static List<JavaHome> others() {
        var homes = new ArrayList<Path>();
        var named = System.getenv("JAVA_25_HOME");
        if (named != null && !named.isBlank()) {
            homes.add(Path.of(named));
        }
        for (var place : List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/opt"),
                Path.of(System.getProperty("user.home"), ".sdkman/candidates/java"))) {
            try (Stream<Path> inside = Files.isDirectory(place) ? Files.list(place) : Stream.empty()) {
                inside.sorted().forEach(homes::add);
            } catch (IOException e) {
                // a folder we may not see holds no Java for us
            }
        }
        return homes.stream().flatMap(home -> of(home).stream()).toList();
    }

    private static Optional<JavaHome> of(Path home) {
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            return Optional.empty();
        }
        try {
            var version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find()
                    ? Optional.of(new JavaHome(Integer.parseInt(version.group(1)), home))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A program of its {@code bin}. */
    public Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    @Override
    public String toString() {
        return "JDK " + major;
    }
}
