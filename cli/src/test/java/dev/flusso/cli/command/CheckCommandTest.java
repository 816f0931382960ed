package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.schema.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCommandTest {
    @TempDir
    private Path folder;

    private CapturedShell shell = new CapturedShell();

    @BeforeEach
    void writeFiles() throws IOException {
        FirstFiles.write(folder);
        shell = new CapturedShell(folder);
    }

    @Test
    void printsTheDocumentsAndThatAllIsWell() {
        assertThat(shell.run(Commands::of, "check", "--offline")).isZero();
        assertThat(shell.out())
                .startsWith("users  from public.users")
                .containsPattern("(?m)^  email +keyword")
                .endsWith("\n1 index: no errors\n")
                .doesNotContain("\u001b");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void saysWhatIsNotTracked() throws IOException {
        FirstFiles.edit(
                folder.resolve("users.schema.yml"),
                "fields:",
                "filters:\n  - raw: created_at > now() - interval '1 day'\nfields:");
        assertThat(shell.run(Commands::of, "check", "--offline")).isZero();
        assertThat(shell.out())
                .containsPattern("(?m)^note: users.schema.yml:\\d+:\\d+: a raw filter is not tracked")
                .endsWith("1 index: no errors, 1 note\n");
    }

    @Test
    void warnsOfASecretInTheConfig() throws IOException {
        FirstFiles.edit(folder.resolve("flusso.toml"), "{ env = \"OS_PASSWORD\" }", "\"hunter2\"");
        assertThat(shell.run(Commands::of, "check", "--offline")).isZero();
        assertThat(shell.out()).contains("warning: flusso.toml:").doesNotContain("hunter2");
    }

    @Test
    void namesPlacesAsSeenFromTheWorkingDirectory() throws IOException {
        var inner = Files.createDirectory(folder.resolve("conf"));
        FirstFiles.write(inner);
        FirstFiles.edit(inner.resolve("flusso.toml"), "{ env = \"OS_PASSWORD\" }", "\"hunter2\"");
        assertThat(shell.run(Commands::of, "check", "--offline", "-c", "conf/flusso.toml"))
                .isZero();
        assertThat(shell.out()).contains("warning: conf/flusso.toml:");
    }

    @Test
    void givesToolsTheSameAsJson() throws IOException {
        FirstFiles.edit(folder.resolve("flusso.toml"), "name = \"users\"", "name = \"users\"\nenabled = false");
        assertThat(shell.run(Commands::of, "check", "--offline", "--format", "json"))
                .isZero();
        var json = json();
        assertThat(json.get("valid").asBoolean()).isTrue();
        assertThat(json.at("/indexes/0/index").asText()).isEqualTo("users");
        assertThat(json.at("/indexes/0/enabled").asBoolean()).isFalse();
        assertThat(json.at("/findings/0/severity").asText()).isEqualTo("note");
        assertThat(json.at("/findings/0/file").asText()).isEqualTo("flusso.toml");
        assertThat(json.at("/findings/0/line").asInt()).isPositive();
        assertThat(json.at("/findings/0/fix").isNull()).isTrue();
    }

    @Test
    void printsEveryProblem() throws IOException {
        FirstFiles.edit(folder.resolve("users.schema.yml"), "long: id", "lnog: id");
        assertThat(shell.run(Commands::of, "check", "--offline")).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: ").contains("users.schema.yml:4:", "lnog");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void givesToolsTheProblemsAsJson() throws IOException {
        FirstFiles.edit(folder.resolve("users.schema.yml"), "long: id", "lnog: id");
        assertThat(shell.run(Commands::of, "check", "--offline", "--format=json"))
                .isEqualTo(2);
        assertThat(json().get("valid").asBoolean()).isFalse();
        assertThat(json().at("/findings/0/severity").asText()).isEqualTo("error");
        assertThat(json().at("/findings/0/line").asInt()).isEqualTo(4);
    }

    @Test
    void saysWhatBecomesOfTheKeysOfJson() throws IOException {
        FirstFiles.edit(folder.resolve("users.schema.yml"), "keyword: email", "json: email");
        assertThat(shell.run(Commands::of, "check", "--offline", "--format=json"))
                .isZero();
        assertThat(json().path("findings")).singleElement().satisfies(finding -> {
            assertThat(finding.path("severity").asText()).isEqualTo("note");
            assertThat(finding.path("line").asInt()).isEqualTo(5);
            assertThat(finding.path("message").asText()).contains("'email': the first document with a key decides");
            assertThat(finding.path("fix").asText()).contains("options: {dynamic: false}");
        });
        FirstFiles.edit(
                folder.resolve("users.schema.yml"), "json: email", "json: email\n    options: {dynamic: false}");
        var quiet = new CapturedShell(folder);
        assertThat(quiet.run(Commands::of, "check", "--offline")).isZero();
        assertThat(quiet.out()).endsWith("1 index: no errors\n");
    }

    @Test
    void doesNotPretendToHaveAskedTheServers() {
        assertThat(shell.run(Commands::of, "check")).isEqualTo(2);
        assertThat(shell.err()).contains("checks the files alone", "--offline");
    }

    @Test
    void endsWithThreeWhenTheServersShowAnError() {
        var finding = new Finding(
                Finding.Severity.ERROR,
                new Place("users.schema.yml", 1, 1),
                "table public.users does not exist",
                "CREATE TABLE users (…);\nGRANT SELECT ON users TO flusso;");
        var code = shell.run(
                s -> List.of(new Verb(
                        "check",
                        "Validate",
                        () -> new CheckCommand(s, (config, names) -> new Inspection.Outcome(List.of(finding), null)))),
                "check");
        assertThat(code).isEqualTo(3);
        assertThat(shell.out())
                .contains("error: users.schema.yml:1:1: table public.users does not exist\n    CREATE TABLE users")
                .endsWith("    GRANT SELECT ON users TO flusso;\n1 index: 1 error\n");
    }

    @Test
    void saysWhichSideIsAwayByItsExitCodeAndTheRestAllTheSame() throws IOException {
        var inner = Files.createDirectory(folder.resolve("conf"));
        FirstFiles.write(inner);
        var away = new Finding(
                Finding.Severity.ERROR,
                new Place("flusso.toml", 1, 1),
                "the database at 127.0.0.1:5432/shop cannot be asked, which is said here in more words than fit a line",
                null);
        var code = shell.run(
                s -> List.of(
                        check(s, (config, names) -> new Inspection.Outcome(List.of(away), ExitCode.SOURCE_UNUSABLE))),
                "check",
                "-c",
                "conf/flusso.toml");
        assertThat(code).isEqualTo(4);
        assertThat(shell.out()).contains("error: conf/flusso.toml:1:1: the database at", "\n  ");
        assertThat(shell.out().lines().map(String::length)).allMatch(width -> width <= 80);
    }

    @Test
    void refusesANameThatIsNone() {
        var code = shell.run(
                s -> List.of(check(s, (config, names) -> new Inspection.Outcome(List.of(), null))),
                "check",
                "--slot",
                "Flusso-1");
        assertThat(code).isEqualTo(2);
        assertThat(shell.err()).contains("slot 'Flusso-1' is not a slot's name");
    }

    private static Verb check(Shell shell, Inspection inspection) {
        return new Verb("check", "Validate", () -> new CheckCommand(shell, inspection));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "index"})
    void printsTheSchemaForEditors(String kind) throws IOException {
        assertThat(shell.run(Commands::of, "schema", kind)).isZero();
        assertThat(json().has("$schema")).isTrue();
        var byVariable = new CapturedShell().with("FLUSSO_SCHEMA", kind);
        assertThat(byVariable.run(Commands::of, "schema")).isZero();
        assertThat(byVariable.out()).isEqualTo(shell.out());
    }

    @Test
    void hasNoSchemaForAnythingElse() {
        assertThat(shell.run(Commands::of, "schema", "lock")).isEqualTo(2);
        assertThat(shell.err()).contains("'lock' has no schema, expected config or index");
    }

    private JsonNode json() throws IOException {
        return JsonMapper.builder().build().readTree(shell.out());
    }
}
