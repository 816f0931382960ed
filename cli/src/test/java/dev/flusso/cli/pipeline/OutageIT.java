package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SearchServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are cut off, frozen, restarted and put back to an older day under a running program. */
final class OutageIT {

    private static final Duration SOON = Duration.ofSeconds(90);

    private static final String REWOUND = "rewound: the sink is older than what it acknowledged lane=primary/users";

    @TempDir
    static Path disk;

    private static PostgresServer postgres;
    private static SearchServer search;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.builder().start();
        search = SearchServer.builder()
                .setting("path.data", disk.resolve("data").toString())
                .setting("path.repo", disk.resolve("repo").toString())
                .start();
    }

    @AfterAll
    static void stop() {
        search.close();
        postgres.close();
    }

    private FirstDay day(String database, FaultProxy proxy) throws Exception {
        var day = new FirstDay(postgres, database, proxy.url(), folder);
        day.javaOptions("-Dsun.net.inetaddr.ttl=0 -Djdk.net.hosts.file=" + names(true, true));
        day.config(proxy.url().toString(), "http://search.test:" + proxy.port());
        day.config("timeout_secs = 5", "timeout_secs = 2");
        day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 100) i");
        return day;
    }

    /** Which names the program can resolve; its own runtime reads them anew each time it asks. */
    private Path names(boolean database, boolean search) throws IOException {
        return Files.writeString(
                folder.resolve("hosts"),
                "127.0.0.1 localhost" + (database ? " database.test" : "") + (search ? " search.test" : "") + "\n");
    }

    private static String byName(FaultProxy proxy, String database) {
        return proxy.through(postgres.url(database)).replace(proxy.host(), "database.test");
    }

    /** Something that is wrong until it is not. */
    private interface Deed {
        void run() throws Exception;
    }

    private record Trouble(Deed begin, Deed end) {}

    @Test
    @DisplayName(
            "P10 C13 each edge of each half: cut, refused, blackholed, stalled, without a name, frozen, restarted; readiness says so; all comes back")
    void everyEdgeComesBack() throws Exception {
        try (var captures = FaultProxy.before(postgres);
                var reads = FaultProxy.before(postgres);
                var writes = FaultProxy.before(search);
                var day = day("outage", writes)) {
            day.reachDatabaseBy(byName(captures, "outage"));
            var capture = day.start("capture");
            day.reachDatabaseBy(byName(reads, "outage"));
            var work = day.start("work");
            day.awaitTrue(SOON);
            var lane = new LaneLook(day, "primary/users");
            var number = 0;
            for (var trouble : troubles(captures, reads, writes).entrySet()) {
                lane.awaitReady();
                trouble.getValue().begin.run();
                number++;
                if (!trouble.getKey().contains("server")) {
                    day.sql("UPDATE users SET name = 't" + number + "' WHERE id % 3 = 0");
                }
                if (!trouble.getKey().startsWith("cut")) {
                    lane.awaitUnready("");
                }
                trouble.getValue().end.run();
                day.sql(
                        "UPDATE users SET name = 'u" + number + "' WHERE id % 3 = 1",
                        "DELETE FROM users WHERE id = " + number);
                try {
                    day.awaitTrue(SOON);
                } catch (AssertionError e) {
                    throw new AssertionError("after " + trouble.getKey() + ": " + e.getMessage(), e);
                }
            }
            lane.awaitReady();
            assertThat(capture.isAlive()).isTrue();
            assertThat(work.isAlive()).isTrue();
            assertThat(LaneLook.logged(work, "lane starts again")).isZero();
        }
    }

    private Map<String, Trouble> troubles(FaultProxy captures, FaultProxy reads, FaultProxy writes) {
        var troubles = new LinkedHashMap<String, Trouble>();
        var edges = new LinkedHashMap<String, FaultProxy>();
        edges.put("capture's Postgres", captures);
        edges.put("work's Postgres", reads);
        edges.put("work's OpenSearch", writes);
        edges.forEach((name, proxy) -> {
            troubles.put("cut: " + name, new Trouble(proxy::cutAll, () -> {}));
            troubles.put("refused: " + name, new Trouble(proxy::refuse, proxy::pass));
            troubles.put("blackholed: " + name, new Trouble(proxy::blackhole, proxy::pass));
            troubles.put("stalled: " + name, new Trouble(proxy::stall, proxy::pass));
        });
        Deed back = () -> names(true, true);
        troubles.put(
                "name gone: Postgres",
                new Trouble(
                        () -> {
                            names(false, true);
                            captures.cutAll();
                            reads.cutAll();
                        },
                        back));
        troubles.put(
                "name gone: OpenSearch",
                new Trouble(
                        () -> {
                            names(true, false);
                            writes.cutAll();
                        },
                        back));
        troubles.put("frozen Postgres server", new Trouble(postgres::freeze, postgres::thaw));
        troubles.put("restarted Postgres server", new Trouble(postgres::stop, postgres::start));
        troubles.put("killed Postgres server", new Trouble(postgres::killHard, postgres::start));
        troubles.put("frozen OpenSearch", new Trouble(search::freeze, search::thaw));
        troubles.put("killed OpenSearch", new Trouble(search::killHard, search::start));
        return troubles;
    }

    @Test
    @DisplayName(
            "P9 C32 OpenSearch on an older copy of its disk is noticed and sent what it forgot, whether the worker runs or not")
    void anOlderDiskIsNoticed() throws Exception {
        try (var proxy = FaultProxy.before(search);
                var day = day("older_disk", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            new LaneLook(day, "primary/users").awaitReady();
            Eventually.within(SOON).passes("the sink to remember the lane's place", () -> memory(day));
            change(day, "kept");
            search.stop();
            copy(disk.resolve("data"), disk.resolve("copy"));
            search.start();
            change(day, "forgotten");
            back();
            until(day, "the lane to be rewound", () -> LaneLook.logged(work, REWOUND) > 0);
            day.awaitTrue(SOON);

            change(day, "forgotten while the worker is away");
            stop(work);
            back();
            var again = day.start("work");
            day.awaitTrue(SOON);
            assertThat(LaneLook.logged(again, REWOUND)).isPositive();
            new LaneLook(day, "primary/users").awaitReady();
        }
    }

    /** Changes rows, and waits until the sink itself remembers that they were written. */
    private static void change(FirstDay day, String name) throws Exception {
        var before = memory(day);
        day.sql(
                "UPDATE users SET name = '" + name + "' WHERE id % 2 = 0",
                "DELETE FROM users WHERE id = (SELECT max(id) FROM users)");
        day.awaitTrue(SOON);
        Eventually.within(SOON)
                .until(
                        "the sink to remember more than " + before,
                        () -> !memory(day).equals(before));
    }

    private static String memory(FirstDay day) throws Exception {
        var index = day.get("GET", "/older_disk_users").fieldNames().next();
        return day.get("GET", "/older_disk_flusso_meta/_doc/" + index)
                .path("_source")
                .path("position")
                .asText();
    }

    private static void back() throws IOException {
        search.stop();
        delete(disk.resolve("data"));
        copy(disk.resolve("copy"), disk.resolve("data"));
        search.start();
    }

    private static void stop(ProcessControl process) {
        process.terminate();
        assertThat(process.waitForExit(Duration.ofSeconds(20)))
                .as(process.lastLines(30))
                .isZero();
    }

    @Test
    @DisplayName("P9 C32 an index restored from a snapshot, in its place or under its name, is noticed and built anew")
    void aRestoredSnapshotIsNoticed() throws Exception {
        try (var proxy = FaultProxy.before(search);
                var day = day("restored", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            day.ask("PUT", "/_snapshot/disk", "{\"type\":\"fs\",\"settings\":{\"location\":\"restored\"}}");
            var index = day.get("GET", "/restored_users").fieldNames().next();
            var snapshot = "/_snapshot/disk/one";
            day.ask("PUT", snapshot + "?wait_for_completion=true", "{\"indices\":\"" + index + "\"}");
            day.sql("UPDATE users SET name = 'forgotten' WHERE id % 2 = 0", "DELETE FROM users WHERE id = 9");
            day.awaitTrue(SOON);

            day.get("POST", "/" + index + "/_close");
            day.ask("POST", snapshot + "/_restore?wait_for_completion=true", "{\"indices\":\"" + index + "\"}");
            awaitGeneration(day, "_2");
            day.awaitTrue(SOON);

            stop(work);
            var second = index.replaceAll("_1$", "_2");
            day.ask("PUT", "/_snapshot/disk/two?wait_for_completion=true", "{\"indices\":\"" + second + "\"}");
            day.sql("UPDATE users SET name = 'forgotten too' WHERE id % 2 = 0");
            day.get("DELETE", "/" + second);
            day.ask(
                    "POST",
                    "/_snapshot/disk/two/_restore?wait_for_completion=true",
                    "{\"indices\":\"" + second + "\"}");
            day.start("work");
            awaitGeneration(day, "_3");
            day.awaitTrue(SOON);
            new LaneLook(day, "primary/users").awaitReady();
        }
    }

    private static void awaitGeneration(FirstDay day, String number) {
        until(
                day,
                "generation " + number + " to be served",
                () -> day.get("GET", "/restored_users").fieldNames().next().endsWith(number));
    }

    private static void until(FirstDay day, String what, Callable<Boolean> isSo) {
        try {
            Eventually.within(SOON).until(what, isSo);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + day.logs(), e);
        }
    }

    @Test
    @DisplayName("SIGTERM under load, with a sink that does not answer any more: exit code 0 within a few seconds")
    void stopsInTime() throws Exception {
        try (var proxy = FaultProxy.before(search);
                var day = day("stop_in_time", proxy)) {
            day.config("timeout_secs = 2", "timeout_secs = 60");
            var capture = day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'a'");
            proxy.blackhole();
            day.sql("UPDATE users SET name = 'b'");
            day.sql("UPDATE users SET name = 'c'");
            var before = System.nanoTime();
            work.terminate();
            assertThat(work.waitForExit(Duration.ofSeconds(30))).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            proxy.pass();
            day.start("work");
            day.awaitTrue(SOON);
            stop(capture);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().equals("node.lock")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
