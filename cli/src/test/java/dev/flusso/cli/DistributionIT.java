package dev.flusso.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.JavaHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user unpacks: it starts on every JDK, says nothing it need not, and brings nothing it should not. */
class DistributionIT {
    private static final Pattern CHILD_TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");

    @TempDir
    private Path folder;

    @AfterEach
    void unlink() throws IOException {
        Distribution.unlink(folder);
    }

    static List<JavaHome> jdks() {
        return Distribution.jdks();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void startsThroughLinksFromAnyDirectoryWithoutAWarning(JavaHome jdk) throws Exception {
        var home = Files.createDirectory(folder.resolve("home"));
        var elsewhere = Files.createDirectory(folder.resolve("else where"));
        var real = Files.createSymbolicLink(elsewhere.resolve("flusso 1"), Distribution.home());
        var second = Files.createSymbolicLink(elsewhere.resolve("a link"), Path.of("flusso 1/bin/flusso"));
        var third = Files.createSymbolicLink(folder.resolve("b"), second);

        for (var launcher : List.of(real.resolve("bin/flusso"), second, third)) {
            var result = Distribution.run(
                    elsewhere, Distribution.environment(jdk.home(), home), List.of(launcher.toString(), "--version"));
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("flusso " + Distribution.version() + " (JDK " + jdk.major());
            assertThat(result.exitCode()).isZero();
        }
        assertThat(home).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyCommandExplainsItselfWithoutAWarning(JavaHome jdk) throws Exception {
        var home = Files.createDirectory(folder.resolve("home"));
        var environment = Distribution.environment(jdk.home(), home);
        var top = Distribution.run(folder, environment, flusso("--help"));
        var commands = top.out()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .filter(line -> line.matches("  \\S.*"))
                .map(line -> line.strip().replaceFirst(" .*", ""))
                .toList();
        assertThat(commands).isNotEmpty();
        for (var command : commands) {
            var result = Distribution.run(folder, environment, flusso(command, "--help"));
            assertThat(result.err()).as(command).isEmpty();
            assertThat(result.exitCode()).as(command).isZero();
            assertThat(result.out()).as(command).startsWith("Usage: flusso " + command);
        }
        assertThat(home).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void versionAndHelpTakeLessThanHalfASecondOfProcessor(JavaHome jdk) throws Exception {
        for (var option : List.of("--version", "--help")) {
            var least = Double.MAX_VALUE;
            for (var i = 0; i < 3; i++) {
                least = Math.min(least, processorSeconds(jdk, option));
            }
            assertThat(least).as(jdk + " " + option).isLessThan(0.5);
        }
    }

    /** User and system time of the launcher and all it starts, as the shell sums it up. */
    private double processorSeconds(JavaHome jdk, String option) throws Exception {
        var script = "'" + Distribution.launcher() + "' " + option + " >/dev/null; times";
        var result = Distribution.run(
                folder, Distribution.environment(jdk.home(), folder), List.of("/bin/sh", "-c", script));
        var times = CHILD_TIMES.matcher(result.out().lines().skip(1).findFirst().orElse(""));
        assertThat(times.matches()).as(result.out()).isTrue();
        return 60 * Double.parseDouble(times.group(1))
                + Double.parseDouble(times.group(2))
                + 60 * Double.parseDouble(times.group(3))
                + Double.parseDouble(times.group(4));
    }

    @Test
    void bringsNoTelemetryAndNoSecondLogging() throws Exception {
        assertThat(jars())
                .noneMatch(name -> name.contains("analytics"))
                .noneMatch(name -> name.startsWith("commons-logging"))
                .noneMatch(name -> name.startsWith("log4j"))
                .noneMatch(name -> name.startsWith("slf4j-simple"))
                .noneMatch(name -> name.startsWith("junit"))
                .noneMatch(name -> name.contains("flusso-dev"));
    }

    @Test
    void bringsEachLibraryOnceAndTheManifestNamesItAll() throws Exception {
        var jars = jars();
        assertThat(jars.stream().map(name -> name.replaceFirst("-\\d.*?(-native)?\\.jar$", "$1")))
                .doesNotHaveDuplicates();
        var main = jars.stream()
                .filter(name -> name.startsWith("flusso-cli-"))
                .findFirst()
                .orElseThrow();
        try (var jar =
                new JarFile(Distribution.home().resolve("lib").resolve(main).toFile())) {
            var attributes = jar.getManifest().getMainAttributes();
            var named = new TreeSet<>(
                    Arrays.asList(attributes.getValue("Class-Path").split(" ", -1)));
            named.add(main);
            assertThat(named).isEqualTo(new TreeSet<>(jars));
            assertThat(attributes.getValue("Main-Class")).isEqualTo("dev.flusso.cli.Flusso");
            assertThat(attributes.getValue("Add-Opens")).contains("java.base/java.lang.reflect");
            assertThat(attributes.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
        }
    }

    @Test
    void noticeNamesEveryLibrary() throws Exception {
        var notice = Files.readString(Distribution.home().resolve("NOTICE"));
        var words = new TreeSet<>(Arrays.asList(notice.split("[\\s,()]+", -1)));
        for (var jar : jars()) {
            if (!jar.startsWith("flusso-")) {
                assertThat(words).contains(jar.replaceFirst("-\\d.*", ""));
            }
        }
        assertThat(Files.readString(Distribution.home().resolve("LICENSE"))).contains("Apache License", "Version 2.0");
    }

    @Test
    void archiveHoldsTheSameUnderOneFolder() throws Exception {
        var archive = Distribution.home().resolveSibling(Distribution.home().getFileName() + ".tar.gz");
        var unpacked = Files.createDirectory(folder.resolve("unpacked"));
        var tar = Distribution.run(
                unpacked,
                Distribution.environment(Path.of(System.getProperty("java.home")), folder),
                List.of("tar", "-xzf", archive.toString()));
        assertThat(tar.exitCode()).as(tar.err()).isZero();
        var top = unpacked.resolve(Distribution.home().getFileName());
        assertThat(files(top)).isEqualTo(files(Distribution.home()));
        assertThat(top.resolve("bin/flusso")).isExecutable();
    }

    private static List<String> flusso(String... words) {
        var command = new ArrayList<String>();
        command.add(Distribution.launcher().toString());
        command.addAll(List.of(words));
        return command;
    }

    private static List<String> jars() throws IOException {
        return files(Distribution.home().resolve("lib"));
    }

    private static List<String> files(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile)
                    .map(path -> top.relativize(path).toString())
                    .sorted()
                    .collect(Collectors.toList());
        }
    }
}
