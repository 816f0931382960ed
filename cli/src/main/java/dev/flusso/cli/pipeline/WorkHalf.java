package dev.flusso.cli.pipeline;

import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneName;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SourceConfig;
import dev.flusso.worker.RowReader;
import dev.flusso.worker.Sink;
import dev.flusso.worker.lane.Clock;
import dev.flusso.worker.lane.Commons;
import dev.flusso.worker.lane.DocumentRoom;
import dev.flusso.worker.lane.Lane;
import dev.flusso.worker.lane.LaneMonitor;
import dev.flusso.worker.lane.LaneOptions;
import dev.flusso.worker.lane.LaneStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker half, running: lanes, each on a thread of its own, and the threads on which they wait for database and sinks. */
final class WorkHalf implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkHalf.class);

    /** How long lanes may take to end the step they are in, all together; then to write their last checkpoints. */
    private static final Duration FOR_STEPS = Duration.ofSeconds(3);

    private static final Duration FOR_CHECKPOINTS = Duration.ofSeconds(2);

    private final List<Lane> lanes;
    private final List<AgentThread> threads = new ArrayList<>();
    private final ExecutorService waiting;
    private final ExecutorService scanning;
    private final RowReader rows;

    private WorkHalf(List<Lane> lanes, ExecutorService waiting, ExecutorService scanning, RowReader rows) {
        this.lanes = lanes;
        this.rows = rows;
        this.waiting = waiting;
        this.scanning = scanning;
    }

    /**
     * Takes every lane and starts it.
     *
     * @throws dev.flusso.journal.HeldElsewhereException when another worker has one of them; none is started then
     */
    static WorkHalf start(
            Definition definition,
            String program,
            boolean skipBackfill,
            List<IndexConfig> indexes,
            List<Sink> sinks,
            Journal journal,
            RowReader rows,
            LaneMonitor monitor,
            Watch watch)
            throws IOException {
        // Waiting threads are many but idle: what they may ask of the database at once is bounded by its pool.
        var waiting = Executors.newCachedThreadPool(named("flusso-wait"));
        var scanning = Executors.newCachedThreadPool(named("flusso-seed"));
        var options = options(definition, skipBackfill);
        var commons = new Commons(waiting, scanning, DocumentRoom.ofHeap(System::nanoTime), Clock.system(), monitor);
        var lanes = new ArrayList<Lane>();
        try {
            for (var sink : sinks) {
                for (var index : indexes) {
                    lanes.add(Lane.open(
                            index,
                            Definition.needs(index.schema()),
                            new CompiledIndexes(definition.sink(sink.name()), index, program),
                            journal,
                            rows,
                            sink,
                            options,
                            commons));
                }
            }
        } catch (IOException | RuntimeException e) {
            for (var lane : lanes) {
                lane.close();
            }
            waiting.shutdownNow();
            scanning.shutdownNow();
            throw e;
        }
        var half = new WorkHalf(lanes, waiting, scanning, rows);
        for (var lane : lanes) {
            half.threads.add(AgentThread.start("flusso-lane-" + lane.name(), half.watched(lane, watch), watch::failed));
        }
        return half;
    }

    private static LaneOptions options(Definition definition, boolean skipBackfill) {
        var worker = definition.config().worker();
        return new LaneOptions(
                worker.batchSize(),
                worker.batchDelay(),
                worker.seedConnections(),
                skipBackfill,
                definition.config().source().onGap(),
                definition.config().source().replicaIdentity() == SourceConfig.ReplicaIdentity.WARN);
    }

    /** A lane whose pipe is closed has come to its end; when it is the only sink there is, so has the program. */
    private AgentThread.Step watched(Lane lane, Watch watch) {
        return () -> {
            var done = lane.step();
            if (lanes.stream().allMatch(each -> each.status().state() == LaneStatus.State.CLOSED)) {
                watch.finished();
            }
            return done;
        };
    }

    /** Returns when the database has answered something; throws when it does not. */
    void askSource() {
        rows.stamp();
    }

    List<Lane> lanes() {
        return lanes;
    }

    /** How long the thread of the lane of that number has been in one step. */
    Duration inStep(int number) {
        return threads.get(number).inStep();
    }

    /** Ends within a few seconds, whatever database and sinks do: what hangs is left behind, and its checkpoint where it was. */
    @Override
    public void close() {
        threads.forEach(AgentThread::stop);
        var until = System.nanoTime() + FOR_STEPS.toNanos();
        var closing = new HashMap<LaneName, Future<?>>();
        for (var i = 0; i < threads.size(); i++) {
            var lane = lanes.get(i);
            if (threads.get(i).stopAndWait(left(until))) {
                closing.put(lane.name(), waiting.submit(closing(lane)));
            } else {
                LOG.warn(
                        "a lane did not stop in time; its checkpoint stays where it was last written lane={}",
                        lane.name());
            }
        }
        var last = System.nanoTime() + FOR_CHECKPOINTS.toNanos();
        closing.forEach((lane, done) -> await(lane, done, last));
        scanning.shutdownNow();
        waiting.shutdownNow();
    }

    private static Callable<Void> closing(Lane lane) {
        return () -> {
            lane.close();
            return null;
        };
    }

    private static void await(LaneName lane, Future<?> closing, long untilNanos) {
        try {
            closing.get(Math.max(1, left(untilNanos).toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("a lane could not be closed cleanly lane={} error={}", lane, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("the last checkpoint was not written in time; it stays where it was lane={}", lane);
        }
    }

    private static Duration left(long untilNanos) {
        return Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime()));
    }

    private static ThreadFactory named(String name) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
