package dev.flusso.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code bin/flusso} finds a JVM and what it tells it; the JVM here is a script that prints what it was told. */
class LauncherIT {
    @TempDir
    private Path folder;

    @AfterEach
    void unlink() throws IOException {
        Distribution.unlink(folder);
    }

    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void hideTheRealJdk() throws IOException {
        // what the launcher itself calls, and no java
        var tools = Files.createDirectory(folder.resolve("tools"));
        for (var tool : List.of("dirname", "readlink", "sed", "head")) {
            var real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            Files.createSymbolicLink(tools.resolve(tool), real);
        }
        environment.put("PATH", tools.toString());
        environment.put("HOME", folder.toString());
    }

    @Test
    void saysWhatToDoWithoutAJdk() throws Exception {
        assertThat(start("--version"))
                .isEqualTo(
                        new Distribution.Result(
                                2,
                                "",
                                "error: no java found: JAVA_HOME is not set, and there is none on the PATH; flusso needs JDK 17 or"
                                        + " newer; install one, then point JAVA_HOME at it or put its bin directory on the PATH\n"));
    }

    @Test
    void saysThatJavaHomeLeadsNowhere() throws Exception {
        environment.put("JAVA_HOME", folder.resolve("gone").toString());
        var result = start("--version");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("error: JAVA_HOME is '" + folder + "/gone', but '")
                .contains("JDK 17");
    }

    @ParameterizedTest
    @CsvSource({"11.0.22, true", "11.0.22, false", "1.8.0_402, true", "1.8.0_402, false", "16, true"})
    void refusesAnOldJdk(String version, boolean release) throws Exception {
        environment.put("JAVA_HOME", jdk(version, release).toString());
        var result = start("--version");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("is version " + version + "; flusso needs JDK 17 or newer");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void findsJavaOnThePathThroughALink() throws Exception {
        var jdk = jdk("21.0.1", true);
        Files.createSymbolicLink(Path.of(environment.get("PATH")).resolve("java"), jdk.resolve("bin/java"));
        assertThat(start("--version").out()).contains("-jar\n", "flusso-cli-" + Distribution.version() + ".jar\n");
    }

    @ParameterizedTest
    @CsvSource({"capture, -Xmx128m", "work, -Xmx256m", "run, -Xmx384m", "check, -Xmx256m"})
    void givesEachCommandItsHeap(String command, String heap) throws Exception {
        environment.put("JAVA_HOME", jdk("17.0.9", true).toString());
        assertThat(words(command, "--slot", "a b")).contains(heap).endsWith(command, "--slot", "a b");
    }

    @ParameterizedTest
    @CsvSource({"-Xmx1g", "-XX:MaxRAMPercentage=50", "-XX:MaxHeapSize=1g"})
    void leavesTheHeapToTheUser(String option) throws Exception {
        environment.put("JAVA_HOME", jdk("17.0.9", true).toString());
        environment.put("FLUSSO_JAVA_OPTS", option);
        assertThat(words("run")).contains(option).doesNotContain("-Xmx384m");
    }

    @Test
    void putsTheOptionsOfTheUserLastAndKeepsTheirChoiceOfCollector() throws Exception {
        environment.put("JAVA_HOME", jdk("17.0.9", true).toString());
        environment.put("JAVA_OPTS", "-Done=* -XX:+UseZGC");
        environment.put("FLUSSO_JAVA_OPTS", "-Dtwo=2");
        assertThat(words("run"))
                .containsSubsequence("-XX:+ExitOnOutOfMemoryError", "-Done=*", "-XX:+UseZGC", "-Dtwo=2", "-jar")
                .doesNotContain("-XX:+UseSerialGC");
    }

    @ParameterizedTest
    @CsvSource({"17.0.9, false", "21.0.4, false", "25.0.1, true", "25-ea, true"})
    void allowsUnsafeMemoryOnlyWhereTheJvmKnowsTheOption(String version, boolean expected) throws Exception {
        environment.put("JAVA_HOME", jdk(version, true).toString());
        assertThat(words("work").contains("--sun-misc-unsafe-memory-access=allow"))
                .isEqualTo(expected);
    }

    @Test
    void refusesToStartWithoutItsJars() throws Exception {
        var broken = Files.createDirectories(folder.resolve("broken/bin"));
        var copy = Files.copy(Distribution.launcher(), broken.resolve("flusso"));
        environment.put("JAVA_HOME", jdk("17.0.9", true).toString());
        var result = Distribution.run(folder, environment, List.of("/bin/sh", copy.toString(), "--version"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("there is no flusso-cli-*.jar in '", "unpack the whole distribution again");
    }

    @Test
    void readsFileNamesAsUtf8WithoutALocale() throws Exception {
        var jdk = jdk("17.0.9", true);
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho \"$LC_ALL\"\n");
        environment.put("JAVA_HOME", jdk.toString());
        assertThat(start("run").out()).isEqualTo("C.UTF-8\n");
        environment.put("LANG", "de_DE.UTF-8");
        assertThat(start("run").out()).isEqualTo("\n");
    }

    private List<String> words(String... arguments) throws Exception {
        var result = start(arguments);
        assertThat(result.err()).isEmpty();
        return result.out().lines().toList();
    }

    private Distribution.Result start(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Distribution.launcher().toString());
        command.addAll(List.of(arguments));
        return Distribution.run(folder, environment, command);
    }

    /** A JDK that only tells its version and what it is called with, one word a line. */
    private Path jdk(String version, boolean releaseFile) throws IOException {
        var home = folder.resolve("jdk");
        var java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                if [ "$1" = -version ]; then
                    echo 'openjdk version "%s" 2024-01-16' >&2
                    exit 0
                fi
                for word in "$@"; do
                    echo "${word##*/lib/}"
                done
                """.formatted(version));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (releaseFile) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return home;
    }
}
