package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are hardly files: each ends soon, with a place and a reason. */
class BrokenFilesTest {

    private static final String TOML = "[source]\ntype = \"postgres\"\n[[index]]\nname = \"a\"\nschema = \"a.yml\"\n";
    private static final String YAML = "table: t\nprimary_key: id\nfields: [{keyword: a}]\n";

    @TempDir
    Path directory;

    private void assertRefused(byte[] toml, byte[] yaml, String message) throws Exception {
        Files.write(directory.resolve("flusso.toml"), toml);
        Files.write(directory.resolve("a.yml"), yaml);
        assertRefused(message);
    }

    private void assertRefused(String message) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> ConfigFiles.load(directory.resolve("flusso.toml")))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageStartingWith(directory + "/" + message));
    }

    @Test
    void refusesWhatIsNotThereOrNoFile() throws Exception {
        assertRefused("flusso.toml: config file 'flusso.toml' does not exist");
        Files.createDirectory(directory.resolve("flusso.toml"));
        assertRefused("flusso.toml: config file 'flusso.toml' is a directory, expected a file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = |flusso.toml:1:4: broken TOML: Unexpected end of input",
                "a = 010|flusso.toml:1:6: broken TOML: Unexpected '10'",
                "a = \"\\q\"|flusso.toml:1:6: broken TOML: Invalid escape sequence '\\q'",
                "[x|flusso.toml:1:3: broken TOML: Unexpected end of input",
            })
    void refusesBrokenToml(String toml, String message) throws Exception {
        assertRefused(toml.getBytes(StandardCharsets.UTF_8), YAML.getBytes(StandardCharsets.UTF_8), message);
    }

    @Test
    void findsATableGivenTwiceBesideTheOtherErrors() throws Exception {
        Files.writeString(directory.resolve("flusso.toml"), "[source]\ntype = \"postgres\"\n[source]\nslot = 1\n");
        assertThatThrownBy(() -> ConfigFiles.load(directory.resolve("flusso.toml")))
                .hasMessageContaining("flusso.toml:3:1: broken TOML: source previously defined at line 1, column 1")
                .hasMessageContaining("flusso.toml:4:1: unknown key 'slot' in [source]");
    }

    @Test
    void refusesWhatIsNotUtf8AtItsPlace() throws Exception {
        var latin = (YAML + "# Größe\n").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(TOML.getBytes(StandardCharsets.UTF_8), latin, "a.yml:4:5: byte 0xf6 is not UTF-8");
        var utf16 = TOML.getBytes(StandardCharsets.UTF_16);
        assertRefused(utf16, latin, "flusso.toml:1:1: byte 0xfe is not UTF-8");
    }

    @Test
    void readsAByteOrderMarkAndWindowsLines() throws Exception {
        Files.writeString(directory.resolve("flusso.toml"), "\uFEFF" + TOML.replace("\n", "\r\n"));
        Files.writeString(directory.resolve("a.yml"), "\uFEFF" + YAML.replace("\n", "\r\n"));
        assertThat(ConfigFiles.load(directory.resolve("flusso.toml")).indexes()).hasSize(1);
    }

    @Test
    void refusesWhatNobodyWroteByHand() throws Exception {
        var large = "# padding\n".repeat(1_100_000).getBytes(StandardCharsets.UTF_8);
        assertRefused(
                TOML.getBytes(StandardCharsets.UTF_8), large, "flusso.toml:5:1: schema file 'a.yml' is larger than");
        assertRefused(large, large, "flusso.toml: config file 'flusso.toml' is larger than");
    }

    @Test
    void readsALargeTomlInTime() throws Exception {
        var lines = new StringBuilder();
        for (int line = 0; lines.length() < 200_000; line++) {
            lines.append("key").append(line).append(" = \"value\"\n");
        }
        assertRefused(
                lines.toString().getBytes(StandardCharsets.UTF_8),
                YAML.getBytes(StandardCharsets.UTF_8),
                "flusso.toml:1:1: ");
    }

    @Test
    void refusesEndlessNestingInToml() throws Exception {
        assertRefused(
                ("a = " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
                new byte[0],
                "flusso.toml:1:1: broken TOML: nested too deeply");
    }
}
