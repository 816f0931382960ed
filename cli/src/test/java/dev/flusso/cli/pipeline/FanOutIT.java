package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SharedServers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One row that very many documents show. {@code -Dflusso.fanout=100000} says how many, 20000 when it says nothing.
 */
final class FanOutIT {

    private static final Logger LOG = System.getLogger(FanOutIT.class.getName());
    private static final int REFERRERS = Integer.getInteger("flusso.fanout", 20_000);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LATER = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private void prepare(FirstDay day) throws Exception {
        day.sql(
                "DROP TABLE orders, users",
                "CREATE TABLE city (id int PRIMARY KEY, name text)",
                "CREATE TABLE users (id int PRIMARY KEY, city_id int, bio text)",
                "CREATE TABLE pets (id int PRIMARY KEY, name text)",
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int)",
                "CREATE INDEX ON users (city_id)",
                "CREATE INDEX ON notes (user_id)",
                "INSERT INTO city VALUES (1, 'A')",
                "INSERT INTO users SELECT i, 1, repeat('x', 500) FROM generate_series(1, " + REFERRERS + ") i",
                "INSERT INTO notes SELECT i, i FROM generate_series(1, " + REFERRERS + ") i",
                "INSERT INTO pets VALUES (1, 'none yet')",
                "ANALYZE");
        day.config("[sinks.audit]\ntype = \"stdout\"\npretty = true\n", "");
        day.config(
                "[[index]]\nname = \"users\"",
                "[[index]]\nname = \"pets\"\nschema = \"pets.schema.yml\"\n\n[[index]]\nname = \"users\"");
        day.schema("""
                table: users
                primary_key: id
                fields:
                  - keyword: bio
                  - belongs_to: city
                    table: city
                    primary_key: id
                    column: city_id
                    fields:
                      - keyword: name
                  - count: notes
                    table: notes
                    foreign_key: user_id
                """);
        Files.writeString(folder.resolve("pets.schema.yml"), """
                table: pets
                primary_key: id
                fields:
                  - keyword: name
                """);
    }

    /** How many users show a city of this name. */
    private static int showing(FirstDay day, String city) throws Exception {
        return count(day, "\"city.name\":\"" + city + "\"");
    }

    private static int count(FirstDay day, String term) throws Exception {
        day.get("POST", "/fanout_users/_refresh");
        return day.ask("POST", "/fanout_users/_count", "{\"query\":{\"term\":{" + term + "}}}")
                .path("count")
                .asInt();
    }

    private static void awaitAllShow(FirstDay day, String city) {
        Eventually.within(LATER)
                .passes(
                        "all users to show city " + city,
                        () -> assertThat(showing(day, city)).as(day.logs()).isEqualTo(REFERRERS));
    }

    /** Changes a row of the other lane; returns how long it took until a search finds it. */
    private static Duration petArrives(FirstDay day, String name) throws Exception {
        var begun = System.nanoTime();
        day.sql("UPDATE pets SET name = '" + name + "'");
        Eventually.within(SOON)
                .until(
                        "pet " + name + " to be found",
                        () -> day.get("GET", "/fanout_pets/_search")
                                .path("hits")
                                .path("hits")
                                .toString()
                                .contains("\"" + name + "\""));
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    @DisplayName(
            "P6 P11 C21 one row of very many documents, in 256 MiB: no other lane waits, a kill in the middle loses nothing")
    void oneRowOfVeryManyDocuments() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "fanout", SharedServers.search().url(), folder)) {
            prepare(day);
            day.start("capture");
            var work = day.start("work");
            awaitAllShow(day, "A");
            assertThat(ProcessHandle.of(work.pid())
                            .flatMap(process -> process.info().commandLine())
                            .orElse(""))
                    .contains("-Xmx256m");
            petArrives(day, "before");

            var begun = System.nanoTime();
            day.sql("UPDATE city SET name = 'B'");
            var meanwhile = new ArrayList<Duration>();
            do {
                meanwhile.add(petArrives(day, "meanwhile " + meanwhile.size()));
            } while (showing(day, "B") < REFERRERS);
            var took = Duration.ofNanos(System.nanoTime() - begun);
            LOG.log(
                    Level.INFO,
                    "fan-out of {0}: {1} ms; the other lane''s changes meanwhile: {2}, the slowest {3} ms",
                    REFERRERS,
                    took.toMillis(),
                    meanwhile.size(),
                    Collections.max(meanwhile).toMillis());
            assertThat(meanwhile)
                    .as("changes of another lane that arrived during a fan-out of " + took)
                    .hasSizeGreaterThan(2);

            day.sql("UPDATE city SET name = 'C'");
            Eventually.within(LATER).until("some users to show city C", () -> showing(day, "C") > 0);
            work.killHard();
            var before = showing(day, "C");
            LOG.log(Level.INFO, "killed when {0} of {1} were written", before, REFERRERS);
            day.start("work");
            awaitAllShow(day, "C");
            assertThat(before).isLessThan(REFERRERS);
        }
    }

    @Test
    @DisplayName(
            "P3 P7 C07 a TRUNCATE of a child is made good in place: the lane goes on, a kill in the middle loses nothing")
    void aTruncateIsMadeGoodInPlace() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "fanout", SharedServers.search().url(), folder)) {
            prepare(day);
            day.start("capture");
            var work = day.start("work");
            Eventually.within(LATER)
                    .passes(
                            "all users to show a note",
                            () -> assertThat(count(day, "\"notes\":1"))
                                    .as(day.logs())
                                    .isEqualTo(REFERRERS));
            var generation = day.get("GET", "/fanout_users/_alias").fieldNames().next();

            day.sql("TRUNCATE notes", "UPDATE users SET bio = 'new' WHERE id = " + REFERRERS / 2);
            Eventually.within(SOON).until("the change to arrive meanwhile", () -> count(day, "\"bio\":\"new\"") == 1);
            Eventually.within(SOON).until("some users to show no note", () -> count(day, "\"notes\":0") > 1);
            work.killHard();
            var before = count(day, "\"notes\":0");
            day.start("work");
            Eventually.within(LATER)
                    .passes(
                            "all users to show no note",
                            () -> assertThat(count(day, "\"notes\":0"))
                                    .as(day.logs())
                                    .isEqualTo(REFERRERS));
            assertThat(before).as("documents built anew before the kill").isLessThan(REFERRERS);
            assertThat(day.get("GET", "/fanout_users/_alias").fieldNames().next())
                    .isEqualTo(generation);
        }
    }
}
