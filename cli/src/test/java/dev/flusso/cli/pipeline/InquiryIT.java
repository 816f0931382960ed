package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify} and {@code explain} of the distribution, beside a running capture and work. */
final class InquiryIT {

    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 320) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 320, 's', i FROM generate_series(1, 1000) i");
        return day;
    }

    private static String ended(ProcessControl process, int code) {
        var exit = process.waitForExit(SOON);
        assertThat(exit).as(process.lastLines(30)).isEqualTo(code);
        return process.output(OutputLine.Channel.OUT);
    }

    @Test
    @DisplayName("C28 verify finds nothing while rows change, then exactly what was spoilt; 4 and 5 for absent servers")
    void verifyFindsWhatIsWrong() throws Exception {
        try (var day = day("inquiry_verify")) {
            day.start("capture");
            day.start("work");
            day.awaitTrue(SOON);
            try (var writer = new Writer(day, new SplittableRandom(11))) {
                writer.start();
                writer.awaitMore(20);
                assertThat(ended(day.look("verify"), 0))
                        .contains("primary/users: ")
                        .contains("none differ");
                assertThat(ended(day.look("verify", "--sample", "50"), 0)).contains("none differ");
            }
            day.awaitTrue(SOON);
            day.sql("INSERT INTO users (id, email) VALUES (9001, 'a'), (9002, 'b'), (9004, 'd')");
            day.sql("INSERT INTO orders (user_id, status, total) VALUES (9002, 'x', 1.50)");
            day.awaitTrue(SOON);
            var documents = "/inquiry_verify_users/_doc/";
            var old = day.get("GET", "/inquiry_verify_users/_source/9004").toString();
            day.sql("UPDATE users SET name = 'newer than its document' WHERE id = 9004");
            day.awaitTrue(SOON);
            day.ask("PUT", documents + "9004", old);
            day.get("DELETE", documents + "9001");
            day.ask(
                    "POST",
                    "/inquiry_verify_users/_update/9002",
                    "{\"doc\": {\"orders\": [{\"status\": \"x\", \"total\": 1.75}]}}");
            day.ask("PUT", documents + "9003", "{\"id\": 9003, \"email\": \"nobody\"}");
            assertThat(ended(day.look("verify", "--index", "users"), 3))
                    .contains("4 differ", "missing 9001", "different 9002 at orders[0].total", "surplus 9003")
                    .contains("different 9004 at name");
            var report = FirstDay.JSON.readTree(ended(day.look("verify", "--format", "json"), 3));
            assertThat(report).hasSize(1);
            assertThat(report.get(0).path("lane").asText()).isEqualTo("primary/users");
            assertThat(report.get(0).path("differences"))
                    .hasSize(4)
                    .anySatisfy(difference -> assertThat(difference)
                            .hasToString("{\"kind\":\"different\",\"id\":\"9002\",\"path\":\"orders[0].total\"}"));
            day.reachDatabaseBy("postgres://postgres@127.0.0.1:1/nowhere");
            assertThat(ended(day.look("verify"), 4)).isEmpty();
        }
    }

    @Test
    @DisplayName("verify exits 5 when OpenSearch is away")
    void verifyWithoutOpenSearch() throws Exception {
        try (var day = day("inquiry_away")) {
            day.start("capture");
            day.start("work");
            day.awaitTrue(SOON);
            day.config(SharedServers.search().url().toString(), "http://127.0.0.1:1");
            assertThat(ended(day.look("verify"), 5)).isEmpty();
        }
    }

    @Test
    @DisplayName("explain shows SQL, plan, the ways of a change, and a document; to programs too")
    void explainTells() throws Exception {
        try (var day = day("inquiry_explain")) {
            assertThat(ended(day.look("explain", "users", "--key", "7"), 0))
                    .contains("a change in public.orders touches users at orders, through user_id")
                    .contains("WITH k AS MATERIALIZED", "Scan", "\"email\" : \"7@x.org\"");
            assertThat(ended(day.look("explain", "users", "--key", "123456"), 0))
                    .contains("there is none");
            var told = FirstDay.JSON.readTree(ended(day.look("explain", "users", "--key", "7", "--format", "json"), 0));
            assertThat(told.path("document").path("content").path("email").asText())
                    .isEqualTo("7@x.org");
            assertThat(told.path("paths"))
                    .anySatisfy(path -> assertThat(path.path("start")).hasToString("[\"user_id\"]"));
            assertThat(told.path("plan")).isNotEmpty();
            assertThat(ended(day.look("explain", "orders"), 2)).isEmpty();
        }
    }
}
