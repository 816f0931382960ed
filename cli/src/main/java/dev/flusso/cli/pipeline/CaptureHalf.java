package dev.flusso.cli.pipeline;

import dev.flusso.capture.Capture;
import dev.flusso.capture.CaptureMonitor;
import dev.flusso.capture.CaptureOptions;
import dev.flusso.capture.CaptureStatus;
import dev.flusso.capture.CatalogMemory;
import dev.flusso.capture.Source;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalException;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.Needs;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capture half, running. */
final class CaptureHalf implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureHalf.class);

    private final Capture capture;
    private final Source source;
    private final AgentThread thread;

    private CaptureHalf(Capture capture, Source source, AgentThread thread) {
        this.capture = capture;
        this.source = source;
        this.thread = thread;
    }

    /** @param journal opened for writing; stays the caller's */
    static CaptureHalf start(
            Source source,
            Journal journal,
            CatalogMemory memory,
            CaptureOptions options,
            Supplier<Needs> needs,
            CaptureMonitor monitor,
            Watch watch) {
        var capture = new Capture(
                source,
                journal,
                memory,
                options,
                needs,
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                monitor);
        return new CaptureHalf(capture, source, AgentThread.start("flusso-capture", capture::step, watch::failed));
    }

    /** What the config needs, and what any lane beside the journal needs: the halves may run with different configs. */
    static Supplier<Needs> needs(Definition definition, Journal journal) {
        var own = definition.needs();
        return () -> {
            var all = own;
            try {
                for (var file : journal.lanes().all()) {
                    all = all.plus(needs(file));
                }
            } catch (IOException | JournalException e) {
                LOG.warn("a lane file cannot be read error={}", e.getMessage());
            }
            return all;
        };
    }

    private static Needs needs(LaneFile file) {
        return switch (file.phase()) {
            case WAITING, SEEDING, TAILING -> file.needs();
            case FROZEN, LOST -> Needs.NONE;
        };
    }

    /** How long its thread has been in one step. */
    Duration inStep() {
        return thread.inStep();
    }

    CaptureStatus status() {
        return capture.status();
    }

    @Override
    public void close() {
        if (!thread.stopAndWait(Duration.ofSeconds(8))) {
            LOG.warn("capture did not stop in time; what it has not acknowledged is sent again");
            source.close();
            return;
        }
        capture.close();
        source.close();
    }
}
