package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster in which the earlier program of the same name has worked, and tables as it may have left them. */
final class EarlierProgramIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String INDEX = "/earlier_users_deadbeef_7";

    private static final String MEMORY = "/earlier_flusso_meta/_doc/earlier_users_deadbeef";

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
        day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 20) i");
        return day;
    }

    @Test
    @DisplayName(
            "P8 the earlier program's index serves until ours is ready; neither it nor what it remembers is ever touched")
    void whatTheEarlierProgramLeftStays() throws Exception {
        try (var day = day("earlier")) {
            day.ask(
                    "PUT",
                    INDEX,
                    "{\"settings\":{\"number_of_replicas\":0},"
                            + "\"aliases\":{\"earlier_users\":{},\"earlier_users_deadbeef\":{}}}");
            day.ask("PUT", INDEX + "/_doc/old?refresh=true", "{\"name\":\"of another age\"}");
            day.ask(
                    "PUT",
                    "/earlier_flusso_meta",
                    "{\"settings\":{\"number_of_replicas\":0},\"mappings\":{\"dynamic\":\"strict\",\"properties\":"
                            + "{\"active_generation\":{\"type\":\"integer\"},\"seeded\":{\"type\":\"boolean\"}}}}");
            day.ask("PUT", MEMORY + "?refresh=true", "{\"active_generation\":7,\"seeded\":true}");
            var before = left(day);

            day.start("capture");
            assertThat(day.indexed()).as("served while ours is not there").containsOnlyKeys("old");
            var work = day.start("work", "--skip-backfill");
            Eventually.within(SOON)
                    .until("the lane to see it", () -> LaneLook.logged(work, "begun without seeding") > 0);
            assertThat(day.indexed()).as("not taken from it without all rows").containsOnlyKeys("old");
            work.close();

            day.start("work");
            day.awaitTrue(SOON);
            assertThat(day.get("GET", "/_alias/earlier_users").fieldNames())
                    .toIterable()
                    .singleElement()
                    .asString()
                    .matches("earlier_users_[0-9a-f]{8}_\\d+")
                    .isNotEqualTo(INDEX.substring(1));
            reindex(day);
            day.awaitTrue(SOON);
            assertThat(left(day)).isEqualTo(before);
        }
    }

    /** Builds and drops a generation of ours, which tidies up. */
    private static void reindex(FirstDay day) throws Exception {
        var asked = day.look("reindex", "users", "--server", "http://127.0.0.1:" + day.privatePort);
        assertThat(asked.waitForExit(Duration.ofSeconds(20)))
                .as(asked.lastLines(10))
                .isZero();
        var generation = day.generation("users");
        Eventually.within(SOON).until("the next generation", () -> day.generation("users") > generation);
    }

    /** The earlier program's document, index and memory, but for the plain alias. */
    private static String left(FirstDay day) throws Exception {
        var index = day.get("GET", INDEX).path(INDEX.substring(1));
        JsonNode document = day.get("GET", INDEX + "/_doc/old");
        return index.path("settings") + " " + index.path("mappings") + " "
                + index.path("aliases").has("earlier_users_deadbeef") + " " + document + " "
                + day.get("GET", MEMORY).path("_source");
    }

    @Test
    @DisplayName(
            "P12 rows that share their key: refused by check with the SQL, blocked by the lane with the key, until one is gone")
    void aTableWithoutAKeyIsRefused() throws Exception {
        try (var day = day("keyless")) {
            day.sql(
                    "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey",
                    "ALTER TABLE users DROP CONSTRAINT users_pkey",
                    "INSERT INTO users (id, email) VALUES (7, 'twin@x.org')");
            var check = day.start("check", "--format", "json");
            assertThat(check.waitForExit(Duration.ofSeconds(60))).isEqualTo(3);
            assertThat(FirstDay.JSON
                            .readTree(check.output(OutputLine.Channel.OUT))
                            .path("findings"))
                    .anySatisfy(finding -> {
                        assertThat(finding.path("message").asText())
                                .contains("primary_key id is not unique in public.users");
                        assertThat(finding.path("severity").asText()).isEqualTo("error");
                        assertThat(finding.path("fix").asText()).contains("CREATE UNIQUE INDEX CONCURRENTLY");
                    });

            day.start("run");
            var lane = new LaneLook(day, "primary/users");
            lane.await("blocked", "two rows of table public.users have the primary key '7'");
            lane.awaitUnready("two rows");
            day.sql("DELETE FROM users WHERE email = 'twin@x.org'");
            day.awaitTrue(SOON);
            lane.awaitReady();
            day.sql("UPDATE users SET name = 'goes on' WHERE id = 7", "DELETE FROM users WHERE id = 8");
            day.awaitTrue(SOON);
        }
    }
}
