package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Position;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much history is kept, for whom, and how a lane is sent back in it. */
final class JournalLifeIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(30);

    /** A second index of the same documents. */
    private static final String PEOPLE = """
            [[index]]
            name = "people"
            schema = "users.schema.yml"

            """;

    @TempDir
    Path folder;

    /** A journal of four small segments, and enough orders to fill it by a few statements. */
    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
        day.config("[server]", """
                [journal]
                max_bytes = "4MiB"
                segment_bytes = "1MiB"
                min_free_bytes = 0
                retention = "0"

                [server]""");
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 40) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 40, 's', i FROM generate_series(1, 2000) i");
        return day;
    }

    private static void stop(ProcessControl process) {
        process.terminate();
        assertThat(process.waitForExit(END)).as(process.lastLines(30)).isZero();
    }

    /** So many entries in as many thousands of changes, two thousand in each transaction. */
    private static void write(FirstDay day, int transactions) throws Exception {
        for (var i = 0; i < transactions; i++) {
            day.sql("UPDATE orders SET total = total + 1");
        }
    }

    @Test
    @DisplayName(
            "P1 P11 when max_bytes is reached capture stays connected and stops acknowledging; it goes on by itself")
    void maxBytesHoldsTheChangesInPostgres() throws Exception {
        try (var day = day("life_max")) {
            var capture = day.start("capture");
            var work = day.start("work", "--sink", "primary");
            day.awaitTrue(SOON);
            stop(work);
            write(day, 40);
            Eventually.within(SOON)
                    .until(
                            "capture to be held\n" + day.logs(),
                            () -> FirstDay.http(day.capturePort, "/status").contains("\"state\":\"held\""));
            assertThat(FirstDay.http(day.capturePort, "/status")).contains("'journal.max_bytes' is 4194304");
            assertThat(FirstDay.http(day.capturePort, "/readyz"))
                    .startsWith("503 ")
                    .contains("the journal is full");
            assertThat(FirstDay.http(day.capturePort, "/metrics")).contains("\nflusso_journal_full 1");
            assertThat(day.value("SELECT active FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'"))
                    .isEqualTo("t");
            var here = day.value("SELECT pg_current_wal_lsn()");
            assertThat(passed(day, here)).isEqualTo("f");

            day.start("work", "--sink", "primary");
            day.awaitTrue(SOON);
            Eventually.within(SOON)
                    .until(
                            "the slot to pass\n" + day.logs(),
                            () -> passed(day, here).equals("t"));
            Eventually.within(SOON)
                    .until(
                            "readiness",
                            () -> FirstDay.http(day.capturePort, "/readyz").startsWith("200 "));
            assertThat(FirstDay.http(day.capturePort, "/metrics")).contains("\nflusso_journal_full 0");
            assertThat(day.generation("users")).isEqualTo(1);
            var told = capture.lines().stream()
                    .map(OutputLine::text)
                    .filter(text -> text.contains("journal full") || text.contains("journal has room again"))
                    .toList();
            assertThat(Collections.frequency(
                            told.stream().map(text -> text.contains("full")).toList(), true))
                    .as("said once for each time: %s", told)
                    .isEqualTo((told.size() + 1) / 2);
        }
    }

    private static String passed(FirstDay day, String lsn) throws Exception {
        return day.value("SELECT confirmed_flush_lsn >= '" + lsn + "' FROM pg_replication_slots WHERE slot_name = '"
                + day.slot() + "'");
    }

    @Test
    @DisplayName(
            "P9 a laggard is cut loose for the others' sake and seeded anew; what nobody runs any more is forgotten")
    void aLaggardIsCutLooseAndSeededAnew() throws Exception {
        try (var day = day("life_cut")) {
            day.config("[server]", PEOPLE + "[server]");
            var capture = day.start("capture");
            day.start("work", "--sink", "primary", "--index", "users");
            var people = people(day);
            day.awaitTrue(SOON);
            awaitPeople(day);
            stop(people);
            for (var i = 0; i < 15; i++) {
                write(day, 4);
                day.awaitTrue(SOON);
            }
            capture.awaitLine("cut loose.*primary/people", SOON);
            assertThat(FirstDay.http(day.capturePort, "/readyz")).as(day.logs()).startsWith("200 ");
            var again = people(day);
            awaitPeople(day);
            Eventually.within(SOON)
                    .until("people to be seeded anew\n" + day.logs(), () -> day.generation("people") == 2);
            awaitPeople(day);
            assertThat(day.generation("users")).isEqualTo(1);
            var refused = day.look("journal", "forget", "primary/people");
            assertThat(refused.waitForExit(END)).isEqualTo(7);
            stop(again);

            var forget = day.look("journal", "forget", "primary/people");
            assertThat(forget.waitForExit(END)).as(forget.lastLines(10)).isZero();
            assertThat(day.journal().resolve("lanes/primary/people")).doesNotExist();
            Eventually.within(SOON)
                    .until(
                            "nobody to be orphaned",
                            () -> !FirstDay.http(day.publicPort, "/status").contains("orphaned"));
            assertThat(day.indexed("people")).as("its index is never touched").isNotEmpty();
            day.sql("UPDATE users SET name = 'after it was forgotten' WHERE id = 7");
            people(day);
            awaitPeople(day);
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName(
            "P9 a lane that no config names any more is shown with its age, holds its history until others need the room, and can be"
                    + " forgotten")
    void aLaneThatNobodyNamesIsAnOrphan() throws Exception {
        try (var day = day("life_orphan")) {
            day.config("[server]", PEOPLE + "[server]");
            var capture = day.start("capture");
            var work = day.start("work", "--sink", "primary");
            day.awaitTrue(SOON);
            awaitPeople(day);
            stop(work);
            stop(capture);
            day.config(PEOPLE, "");
            var left = age(day, "people", Duration.ofHours(3));

            capture = day.start("capture");
            day.start("work", "--sink", "primary");
            var look = new LaneLook(day, "primary/people");
            look.await("orphaned", "");
            var orphan = look.status();
            assertThat(orphan.path("since").asText()).isEqualTo(left.writtenAt().toString());
            assertThat(orphan.path("position").asText())
                    .isEqualTo(left.position().toString());
            assertThat(orphan.toString()).contains("journal forget primary/people");
            Eventually.within(SOON)
                    .until(
                            "capture to show the orphan",
                            () -> FirstDay.http(day.capturePort, "/status").contains("\"orphaned\""));
            new LaneLook(day, "primary/users").awaitReady();

            write(day, 6);
            Eventually.within(SOON).until("more segments than are kept for nobody", () -> segments(day) > 2);
            day.awaitTrue(SOON);
            var info = FirstDay.JSON.readTree(out(day.look("journal", "info", "--format", "json")));
            assertThat(info.path("segments").size())
                    .as("what it has not read is kept, though it is older than 'journal.retention': %s", info)
                    .isGreaterThan(2);
            assertThat(Position.parse(info.path("oldest").asText())).isLessThanOrEqualTo(left.position());
            assertThat(out(day.look("journal", "info")))
                    .contains("primary/people generation 1")
                    .contains(", written " + left.writtenAt());

            for (var i = 0; i < 10; i++) {
                write(day, 4);
                day.awaitTrue(SOON);
            }
            capture.awaitLine("cut loose.*primary/people", SOON);
            Eventually.within(SOON)
                    .until(
                            "capture to go on",
                            () -> FirstDay.http(day.capturePort, "/readyz").startsWith("200 "));
            assertThat(day.generation("users")).isEqualTo(1);
            assertThat(new LaneLook(day, "primary/people")
                            .status()
                            .path("state")
                            .asText())
                    .isEqualTo("orphaned");
            assertThat(out(day.look("journal", "forget", "primary/people"))).contains("primary/people");
            Eventually.within(SOON)
                    .until(
                            "nobody to be orphaned",
                            () -> !FirstDay.http(day.publicPort, "/status").contains("\"orphaned\""));
            assertThat(day.indexed("people")).as("its index is never touched").isNotEmpty();
        }
    }

    /** Makes a lane's one file older, as if it had been left alone so long; nobody may run the lane. */
    private static LaneFile age(FirstDay day, String index, Duration by) throws Exception {
        try (var journal = ChronicleJournal.openReadOnly(day.journal())) {
            var lane = new LaneName("primary", index);
            var file = journal.lanes().of(lane).get(0);
            var older = new LaneFile(
                    lane,
                    file.generation(),
                    file.phase(),
                    file.position(),
                    file.lsn(),
                    file.seeding(),
                    file.highestVersion(),
                    file.deadLetters(),
                    file.needs(),
                    file.compiledSchema(),
                    file.notes(),
                    Instant.now().minus(by));
            journal.lanes().save(older);
            return journal.lanes().of(lane).get(0);
        }
    }

    private static int segments(FirstDay day) {
        var files = day.journal().resolve("epoch-1").toFile().list((folder, name) -> name.endsWith(".cq4"));
        return files == null ? 0 : files.length;
    }

    /** What a command prints, once it has ended well. */
    private static String out(ProcessControl process) {
        assertThat(process.waitForExit(END)).as(process.lastLines(20)).isZero();
        return process.output(OutputLine.Channel.OUT);
    }

    private static ProcessControl people(FirstDay day) {
        return day.start(
                "work",
                "--sink",
                "primary",
                "--index",
                "people",
                "--public-address",
                "127.0.0.1:" + FreePorts.next(),
                "--private-address",
                "127.0.0.1:" + FreePorts.next());
    }

    private static void awaitPeople(FirstDay day) {
        Eventually.within(SOON)
                .passes(
                        "people to equal the database\n" + day.logs(),
                        () -> assertThat(day.indexed("people")).isEqualTo(day.expected()));
    }

    @Test
    @DisplayName(
            "P6 work --from rewinds once, durably, to the beginning, a position or a time; never under another worker")
    void lanesAreSentBack() throws Exception {
        try (var day = day("life_from")) {
            day.start("capture");
            var work = day.start("work", "--sink", "primary");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'one' WHERE id = 1");
            day.awaitTrue(SOON);
            var dump = day.look("journal", "dump", "--format", "json");
            assertThat(dump.waitForExit(END)).isZero();
            var position = dump.lines().stream()
                    .filter(line -> line.channel() == OutputLine.Channel.OUT)
                    .map(line -> line.text().replaceFirst(".*\"position\":\"([^\"]*)\".*", "$1"))
                    .reduce((first, second) -> second)
                    .orElseThrow();
            var time = Instant.now();
            day.sql("UPDATE users SET name = 'two' WHERE id = 2");
            day.awaitTrue(SOON);

            var second = day.start(
                    "work",
                    "--from",
                    "beginning",
                    "--public-address",
                    "127.0.0.1:0",
                    "--private-address",
                    "127.0.0.1:0");
            assertThat(second.waitForExit(SOON)).as(second.lastLines(20)).isEqualTo(7);
            stop(work);

            var beyond = day.start("work", "--sink", "primary", "--from", "7-0000000000000001");
            assertThat(beyond.waitForExit(SOON)).isEqualTo(1);
            assertThat(beyond.output(OutputLine.Channel.ERR)).contains("7-0000000000000001", "oldest");

            for (var from : new String[] {position, time.toString(), "beginning"}) {
                var rewound = day.start("work", "--sink", "primary", "--from", from);
                rewound.awaitLine("rewound lane=primary/users .*", SOON);
                day.sql("UPDATE users SET name = 'from " + from + "' WHERE id = 3");
                day.awaitTrue(SOON);
                assertThat(day.generation("users")).isEqualTo(1);
                stop(rewound);
            }
            var usual = day.start("work", "--sink", "primary");
            usual.awaitLine("starting", SOON);
            day.sql("UPDATE users SET name = 'three' WHERE id = 3");
            day.awaitTrue(SOON);
            assertThat(usual.lines()).noneMatch(line -> line.text().contains("rewound lane"));
        }
    }
}
