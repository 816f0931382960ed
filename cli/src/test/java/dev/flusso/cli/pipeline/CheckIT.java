package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flusso check} as it is typed, on real servers: what it prints, how it ends, and that it changes nothing. */
final class CheckIT {

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        return new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
    }

    private static String ended(ProcessControl process, int exitCode) throws Exception {
        assertThat(process.waitForExit(Duration.ofSeconds(60)))
                .as(process.lastLines(60))
                .isEqualTo(exitCode);
        assertThat(process.output(OutputLine.Channel.ERR)).doesNotContain("\tat ");
        return process.output(OutputLine.Channel.OUT);
    }

    /** All that somebody could have changed: the catalogs, the rows with who wrote them, slots, roles, and what OpenSearch has. */
    private static String everything(FirstDay day) throws Exception {
        var catalogs =
                new StringBuilder("SELECT 'class ' || (to_jsonb(c) - ARRAY['relpages', 'reltuples', 'relallvisible',"
                        + " 'relfrozenxid', 'relminmxid'])::text FROM pg_class c");
        for (var catalog : List.of(
                "attribute",
                "authid",
                "constraint",
                "db_role_setting",
                "depend",
                "extension",
                "index",
                "namespace",
                "proc",
                "publication",
                "publication_rel",
                "trigger",
                "type")) {
            catalogs.append(" UNION ALL SELECT '%1$s ' || c::text FROM pg_%1$s c".formatted(catalog));
        }
        for (var table : List.of("users", "orders")) {
            catalogs.append(
                    " UNION ALL SELECT '%1$s ' || xmin::text || xmax::text || t::text FROM %1$s t".formatted(table));
        }
        catalogs.append(" UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots");
        var text = day.value("SELECT string_agg(t, E'\\n' ORDER BY t) FROM (" + catalogs + ") a(t)");
        assertThat(text).contains("class ", "publication", "users ");
        var search = new StringBuilder();
        for (var path : List.of(
                "/_cluster/state/metadata?filter_path=metadata.indices.*.state,metadata.indices.*.aliases,metadata.index*",
                "/_cluster/settings")) {
            search.append(day.get("GET", path)).append('\n');
        }
        return text + "\n" + search;
    }

    @Test
    @DisplayName("a good database: exit 0, and nothing has changed")
    void findsNothingAndChangesNothing() throws Exception {
        try (var day = day("check_good")) {
            day.sql("INSERT INTO users (email, name) VALUES ('a@x.org', 'A')");
            var before = everything(day);
            var said = ended(day.start("check"), 0);
            assertThat(said).contains("email", "note: ", "slot 'flusso_check_good' does not", "no errors");
            assertThat(said.lines().filter(line -> !line.startsWith("    ")).map(String::length))
                    .allMatch(width -> width <= 80);
            assertThat(everything(day)).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("what keeps a lane from running: exit 3, and tools get it as JSON")
    void endsWithThreeOnAnError() throws Exception {
        try (var day = day("check_error")) {
            day.sql("ALTER TABLE orders DROP COLUMN total");
            var json = FirstDay.JSON.readTree(ended(day.start("check", "--format", "json"), 3));
            assertThat(json.path("valid").asBoolean(true)).isFalse();
            assertThat(json.path("findings")).anySatisfy(finding -> {
                assertThat(finding.path("severity").asText()).isEqualTo("error");
                assertThat(finding.path("file").asText()).isEqualTo("users.schema.yml");
                assertThat(finding.path("line").asInt()).isPositive();
                assertThat(finding.path("message").asText()).contains("public.orders has no column 'total'");
                assertThat(finding.path("fix").asText()).contains("ADD COLUMN \"total\"");
            });
        }
    }

    @Test
    @DisplayName("the publication that flusso is not to manage: exit 3 with the SQL")
    void whatItMayNotManageIsAnError() throws Exception {
        try (var day = day("check_manage")) {
            assertThat(ended(day.start("check", "--manage-publication", "false"), 3))
                    .contains("CREATE PUBLICATION \"flusso_check_manage\" FOR TABLE");
        }
    }

    @Test
    @DisplayName("a database that is away: exit 4; a sink that is away: exit 5; no waiting, and the rest is said")
    void endsWithFourOrFiveWhenAServerIsAway() throws Exception {
        try (var day = day("check_away")) {
            day.config(SharedServers.search().url().toString(), "http://127.0.0.1:" + FreePorts.next());
            assertThat(ended(day.start("check"), 5)).contains("error: ", "sink 'primary'", "slot 'flusso_check_away'");
            day.reachDatabaseBy("postgres://nobody:wrong-one@127.0.0.1:" + FreePorts.next() + "/none");
            assertThat(ended(day.start("check"), 4))
                    .contains("error: flusso.toml:", "cannot be", "sink 'primary'")
                    .doesNotContain("wrong-one");
        }
    }
}
