package dev.flusso.bench.lane;

import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Numbers;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Changes followed live: how many a second with the backlog held level, for rows of the root, of a child and of a junction; how long
 * after its commit a change is found by a search, on an idle system and at half that rate; and how fast a backlog goes once OpenSearch,
 * which stood still, goes on.
 */
public final class FollowingContest implements Contest {

    private static final String BULKS = "prebuilt bulks into OpenSearch, nothing read";
    private static final Duration SUSTAINED = Duration.ofSeconds(8);
    private static final int PROBES = 40;

    private @Nullable Bed bed;
    private @Nullable Deployment deployment;
    private @Nullable Replay replay;
    private @Nullable Connection connection;
    private @Nullable Writer writer;
    private int probe;
    private int backlog;

    @Override
    public String name() {
        return "following";
    }

    @Override
    public void prepare(Settings settings) throws SQLException, IOException {
        var started = Bed.start("following", settings.scaled(50_000, 2_000));
        bed = started;
        backlog = settings.scaled(40_000, 1_000);
        var flusso = Deployment.of(settings, started.postgres, started.database, started.search);
        deployment = flusso;
        flusso.startCapture();
        flusso.startWork();
        flusso.untilLive();
        replay = Replay.of(started.cluster, Deployment.INDEX, started.reader(settings));
        connection = started.postgres.connect(started.database);
        var made = new Writer(started.postgres.connect(started.database), flusso, started.users);
        writer = made;
        for (var kind : Writer.Kind.values()) {
            made.sustain(kind, SUSTAINED);
        }
        latencies(5);
    }

    @Override
    public List<Reading> round() throws SQLException, IOException {
        var writing = writer;
        var replayed = replay;
        if (writing == null || replayed == null) {
            throw new IllegalStateException("not prepared");
        }
        var readings = new ArrayList<Reading>();
        double limit = replayed.run();
        double rootRate = 0;
        for (var kind : Writer.Kind.values()) {
            double rate = writing.sustain(kind, SUSTAINED);
            rootRate = kind == Writer.Kind.ROOT ? rate : rootRate;
            readings.add(Reading.beside(kind.text() + ", lag level", "changes/s", BULKS, limit, rate, Goal.NONE));
        }
        double[] byHand = byHand(PROBES);
        double[] idle = latencies(PROBES);
        readings.add(latency("commit → found, idle, p50", byHand, idle, 0.5));
        readings.add(latency("commit → found, idle, p99", byHand, idle, 0.99));
        var steady = writing.steadily(rootRate / 2);
        try {
            double[] busy = latencies(PROBES);
            readings.add(latency("commit → found, at half the rate, p50", byHand, busy, 0.5));
            readings.add(latency("commit → found, at half the rate, p99", byHand, busy, 0.99));
        } finally {
            steady.run();
        }
        writing.drain();
        readings.add(Reading.beside(
                "catching up after OpenSearch stood still", "changes/s", BULKS, limit, catchUp(), Goal.NONE));
        return readings;
    }

    private static Reading latency(String figure, double[] byHand, double[] ours, double part) {
        return Reading.beside(
                figure,
                "ms",
                "commit, then index with a refresh, by hand",
                Numbers.quantile(byHand, part),
                Numbers.quantile(ours, part),
                Goal.NONE);
    }

    /** From before a commit until a search finds what it wrote, in milliseconds. */
    private double[] latencies(int count) throws SQLException, IOException {
        var session = session();
        var ground = ground();
        double[] all = new double[count];
        for (int i = 0; i < count; i++) {
            var token = "probe" + ++probe;
            long start = System.nanoTime();
            try (var update = session.prepareStatement("UPDATE users SET name = ? WHERE id = ?")) {
                update.setString(1, token);
                update.setLong(2, 1 + probe % ground.users);
                update.executeUpdate();
            }
            until(Deployment.INDEX, token);
            all[i] = (System.nanoTime() - start) / 1e6;
        }
        return all;
    }

    /** The same with one's own hands: the change, then the document by its id with a refresh. */
    private double[] byHand(int count) throws SQLException, IOException {
        var session = session();
        var ground = ground();
        double[] all = new double[count];
        for (int i = 0; i < count; i++) {
            var token = "hand" + ++probe;
            long start = System.nanoTime();
            try (var update = session.prepareStatement("UPDATE tags SET name = name WHERE id = ?")) {
                update.setLong(1, 10_000_000L + probe);
                update.executeUpdate();
            }
            var body = "{\"doc\":{\"name\":\"" + token + "\"}}";
            ground.cluster.send(
                    "POST",
                    "/" + Replay.INDEX + "/_update/" + (1 + probe % ground.users) + "?refresh=true",
                    body.getBytes(StandardCharsets.UTF_8));
            until(Replay.INDEX, token);
            all[i] = (System.nanoTime() - start) / 1e6;
        }
        return all;
    }

    private void until(String index, String token) throws IOException {
        var query = ("{\"size\":0,\"query\":{\"term\":{\"name\":\"" + token + "\"}}}").getBytes(StandardCharsets.UTF_8);
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (ground().cluster
                        .send("POST", "/" + index + "/_search?filter_path=hits.total.value", query)
                        .path("hits")
                        .path("total")
                        .path("value")
                        .longValue()
                == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("a minute has passed and '" + token + "' is not found in " + index);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Changes a second, from the moment OpenSearch goes on until everything is settled. */
    private double catchUp() throws SQLException, IOException {
        var writing = writer;
        if (writing == null) {
            throw new IllegalStateException("not prepared");
        }
        var ground = ground();
        ground.search.freeze();
        try {
            writing.change(Writer.Kind.ROOT, backlog);
        } finally {
            ground.search.thaw();
        }
        long start = System.nanoTime();
        writing.drain();
        return backlog * 1e9 / (System.nanoTime() - start);
    }

    private Connection session() {
        var open = connection;
        if (open == null) {
            throw new IllegalStateException("not prepared");
        }
        return open;
    }

    private Bed ground() {
        var started = bed;
        if (started == null) {
            throw new IllegalStateException("not prepared");
        }
        return started;
    }

    @Override
    public void close() {
        for (var one : Arrays.asList(writer, connection, deployment, bed)) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) { // the rest must go all the same
                System.err.println("while ending: " + e);
            }
        }
    }
}
