package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One rule a case, from {@code rules/*.txt}: a title, what is typed, and behind {@code ->} what is read of it (in the compiled form) or
 * the message, a case between two lines of dashes.
 */
class RulesTest {

    private static final Path FOLDER = Path.of("src/test/resources/rules");

    @TempDir
    Path directory;

    static Stream<Arguments> schemaRules() throws Exception {
        return cases("schema.txt");
    }

    static Stream<Arguments> configRules() throws Exception {
        return cases("config.txt");
    }

    private static Stream<Arguments> cases(String file) throws Exception {
        return Stream.of(Files.readString(FOLDER.resolve(file)).split("(?m)^-{10,}\n"))
                .filter(text -> !text.isBlank())
                .map(text -> {
                    int title = text.indexOf('\n');
                    int arrow = text.indexOf("\n-> ");
                    return Arguments.of(
                            text.substring(0, title),
                            text.substring(title + 1, arrow + 1),
                            text.substring(arrow + 4).strip());
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemaRules")
    void aSchemaIsReadAsSaid(String title, String typed, String expected) throws Exception {
        var whole = typed.startsWith("- ") ? "table: t\nprimary_key: id\nfields:\n" + typed : typed;
        var file = Files.writeString(directory.resolve("s.yml"), whole);
        if (expected.startsWith("{")) {
            var form = CompiledForm.canonical(ConfigFiles.loadSchema(file));
            var shown = typed.startsWith("- ") ? form.at("/fields/0") : form;
            assertThat(shown).as(title).hasToString(expected);
            return;
        }
        assertThatThrownBy(() -> ConfigFiles.loadSchema(file))
                .as(title)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configRules")
    void aConfigIsReadAsSaid(String title, String typed, String expected) throws Exception {
        var whole = typed.contains("[source]") ? typed : "[source]\ntype = \"postgres\"\n" + typed;
        var file = Files.writeString(directory.resolve("flusso.toml"), whole);
        if (expected.startsWith("/")) {
            var form = CompiledForm.of(ConfigFiles.load(file));
            int equals = expected.indexOf(" = ");
            assertThat(form.at(expected.substring(0, equals))).as(title).hasToString(expected.substring(equals + 3));
            return;
        }
        assertThatThrownBy(() -> ConfigFiles.load(file))
                .as(title)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(expected);
    }
}
