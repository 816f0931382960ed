package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeding, as it is seen from outside. */
final class SeedingIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Pattern ID = Pattern.compile("\"_id\":\"(\\d+)\"");

    @TempDir
    Path folder;

    private static void rows(FirstDay day, int count) throws Exception {
        // never analyzed: so it is cut into many ranges, however few rows there are
        day.sql(
                "ALTER TABLE users SET (autovacuum_enabled = false)",
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, " + count + ") i");
    }

    private Seeding seeding() throws Exception {
        try (var journal = ChronicleJournal.openReadOnly(folder.resolve("flusso-journal"))) {
            var files = journal.lanes().of(new LaneName("primary", "users"));
            return files.isEmpty() ? Seeding.NONE : files.get(0).seeding();
        }
    }

    @Test
    @DisplayName(
            "P7 killed while seeding under writes, it goes on with the ranges it had not finished; refreshing is off meanwhile")
    void aKilledSeedingGoesOn() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(SharedServers.postgres(), "seeding", proxy.url(), folder)) {
            rows(day, 6_000);
            var slow = proxy.http().always().bulks().delay(Duration.ofMillis(150));
            var written = new ConcurrentSkipListSet<Integer>();
            day.start("capture");
            var work = day.start("work");
            Eventually.within(SOON)
                    .value(
                            "some ranges to be finished\n" + day.logs(),
                            () -> seeding().finished().size(),
                            done -> done >= 4);
            assertThat(day.get("GET", "/seeding_users_*/_settings?expand_wildcards=all")
                            .toString())
                    .contains("\"refresh_interval\":\"-1\"");
            assertThat(FirstDay.http(day.publicPort, "/status")).contains("\"estimated_documents\"", "\"backfilling\"");
            work.killHard();
            var left = seeding();
            assertThat(left.finished()).hasSizeLessThan(left.plan().size());
            day.sql(
                    "UPDATE users SET name = 'changed meanwhile' WHERE id % 50 = 0",
                    "DELETE FROM users WHERE id % 61 = 0");
            var changed = ids(day, "SELECT id FROM users WHERE id % 50 = 0");

            var spy = proxy.http()
                    .always()
                    .bulks()
                    .matching(request -> {
                        var id = ID.matcher(request.text());
                        while (id.find()) {
                            written.add(Integer.parseInt(id.group(1)));
                        }
                        return false;
                    })
                    .answer(500);
            slow.cancel();
            day.start("work");
            day.awaitTrue(SOON);
            spy.cancel();
            for (var number : left.finished()) {
                var bounds = Pattern.compile("\\d+")
                        .matcher(left.plan().get(number))
                        .results()
                        .map(r -> Integer.parseInt(r.group()))
                        .toList();
                if (bounds.size() == 2) {
                    assertThat(written.subSet(bounds.get(0), bounds.get(1)))
                            .as(
                                    "range %s was finished, only what changed is written again",
                                    left.plan().get(number))
                            .allMatch(id -> changed.contains(id) || id % 61 == 0);
                }
            }
            assertThat(day.get("GET", "/seeding_users/_settings").toString()).contains("\"refresh_interval\":\"10s\"");
        }
    }

    private static Set<Integer> ids(FirstDay day, String query) throws Exception {
        var ids = new TreeSet<Integer>();
        try (var connection = day.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    @Test
    @DisplayName("progress is a bar on a terminal, and a line now and then elsewhere, both with a rate")
    void progressIsShown() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(SharedServers.postgres(), "progress", proxy.url(), folder)) {
            rows(day, 3_000);
            var slow = proxy.http().always().bulks().delay(Duration.ofMillis(700));
            day.start("capture");
            var lines = day.start("work");
            lines.awaitLine(".*seeding lane=primary/users documents=\\d+ of=\\d+ per_second=\\d+.*", SOON);
            lines.killHard();
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no 'script' to make a terminal with");
            var bar = day.shell("exec script -qefc \"$FLUSSO work $NAMES\" /dev/null");
            Eventually.within(SOON)
                    .value(
                            "a progress bar",
                            () -> bar.output(dev.flusso.dev.servers.OutputLine.Channel.OUT),
                            text -> text.contains("seeding primary/users")
                                    && text.contains("%")
                                    && text.contains("docs/s"));
            slow.cancel();
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("--skip-backfill reads nothing, serves what comes from then on, and a later start without it seeds")
    void skipBackfillReadsNothing() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "skipping", SharedServers.search().url(), folder)) {
            rows(day, 200);
            day.start("capture");
            var work = day.start("work", "--skip-backfill");
            new LaneLook(day, "primary/users").await("tailing", "");
            day.sql("UPDATE users SET name = 'seen' WHERE id <= 3", "INSERT INTO users (email) VALUES ('new@x.org')");
            Eventually.within(SOON)
                    .passes(
                            "the changed rows and no others\n" + day.logs(),
                            () -> assertThat(day.indexed()).containsOnlyKeys("1", "2", "3", "201"));
            work.terminate();
            assertThat(work.waitForExit(SOON)).isZero();
            day.start("work");
            day.awaitTrue(SOON);
        }
    }
}
