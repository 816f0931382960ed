package dev.flusso.bench.lane;

import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.postgres.document.PostgresIndexReader;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A first start, from the making of the index to its last document, beside the smaller of its two halves alone: the documents out of
 * Postgres thrown away, and documents made beforehand into OpenSearch. And what the worker costs beside OpenSearch.
 */
public final class SeedingContest implements Contest {

    private static final int SEED_CONNECTIONS = 2;
    private static final int RANGES = 16;

    private @Nullable Settings settings;
    private @Nullable Bed bed;
    private @Nullable PostgresIndexReader reader;
    private @Nullable Replay replay;

    @Override
    public String name() {
        return "seeding";
    }

    @Override
    public void prepare(Settings given) throws SQLException, IOException {
        settings = given;
        var started = Bed.start("seeding", given.scaled(50_000, 2_000));
        bed = started;
        var opened = started.reader(given);
        reader = opened;
        seed(started); // warms OpenSearch up
        var made = Replay.of(started.cluster, Deployment.INDEX, opened);
        replay = made;
        made.run();
        thrownAway(opened);
    }

    @Override
    public List<Reading> round() throws IOException {
        var ground = bed;
        var opened = reader;
        var made = replay;
        if (ground == null || opened == null || made == null) {
            throw new IllegalStateException("not prepared");
        }
        double read = thrownAway(opened);
        double replayed = made.run();
        var seeded = seed(ground);
        return List.of(
                Reading.beside(
                        "seeding end to end",
                        "docs/s",
                        "the smaller of: documents out of Postgres thrown away, prebuilt bulks into OpenSearch",
                        Math.min(read, replayed),
                        seeded.perSecond,
                        Goal.ratioAtLeast(0.85)),
                Reading.beside(
                        "the worker's CPU for a document, once warm",
                        "µs",
                        "OpenSearch's CPU for it",
                        seeded.searchMicros,
                        seeded.workMicros,
                        Goal.ratioAtMost(0.25)));
    }

    /**
     * A seeding.
     *
     * @param perSecond documents, from the index' creation to the last one
     * @param workMicros the worker's CPU for each of the second half, when its JVM has started and compiled what is hot
     * @param searchMicros OpenSearch's CPU for each of these
     */
    private record Seeding(double perSecond, double workMicros, double searchMicros) {}

    private Seeding seed(Bed ground) throws IOException {
        var given = settings;
        if (given == null) {
            throw new IllegalStateException("not prepared");
        }
        for (var name : List.of("users", "flusso_meta")) {
            for (var found : ground.cluster.get("/_cat/indices/" + name + "*?format=json&expand_wildcards=all")) {
                ground.cluster.send("DELETE", "/" + found.path("index").asText(), new byte[0]);
            }
        }
        try (var deployment = Deployment.of(given, ground.postgres, ground.database, ground.search)) {
            deployment.startCapture();
            var work = deployment.startWork();
            deployment.until("the index to have half of them", () -> ground.taken("users_*") >= ground.users / 2);
            var searchCpu = ground.cluster.cpu();
            var workCpu = cpu(work);
            long before = ground.taken("users_*");
            deployment.until("the index to have all documents", () -> ground.taken("users_*") >= ground.users);
            long last = System.currentTimeMillis();
            double counted = Math.max(1, ground.users - before);
            searchCpu = ground.cluster.cpu().minus(searchCpu);
            workCpu = cpu(work).minus(workCpu);
            long first = creationMillis(ground);
            deployment.untilLive();
            return new Seeding(
                    ground.users * 1e3 / (last - first),
                    workCpu.toNanos() / 1e3 / counted,
                    searchCpu.toNanos() / 1e3 / counted);
        }
    }

    private static Duration cpu(ProcessControl process) {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("this system does not tell a process' CPU time"));
    }

    private static long creationMillis(Bed ground) throws IOException {
        return Long.parseLong(ground.cluster
                .get("/users_*?expand_wildcards=all")
                .elements()
                .next()
                .path("settings")
                .path("index")
                .path("creation_date")
                .asText());
    }

    /** Reads all documents as a seeding does, by ranges on two connections, and drops them; documents a second. */
    private static double thrownAway(PostgresIndexReader reader) throws IOException {
        var threads = Executors.newFixedThreadPool(SEED_CONNECTIONS);
        try {
            var count = new AtomicLong();
            long start = System.nanoTime();
            var scans = new ArrayList<Future<?>>();
            for (var range : reader.ranges(RANGES)) {
                scans.add(threads.submit(() -> {
                    long[] here = new long[1];
                    reader.scan(range, (stamp, answer) -> here[0]++);
                    count.addAndGet(here[0]);
                }));
            }
            for (var scan : scans) {
                scan.get();
            }
            return count.get() * 1e9 / (System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new IOException("a scan failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the scans were interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public void close() {
        if (bed != null) {
            bed.close();
        }
    }
}
