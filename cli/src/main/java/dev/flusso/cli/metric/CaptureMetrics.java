package dev.flusso.cli.metric;

import dev.flusso.capture.CaptureMonitor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What the capture half measures. Any thread. */
public final class CaptureMetrics implements CaptureMonitor {
    private final Level slotLag;
    private final Level walRetained;
    private final Level journalFull;
    private final Level heartbeatAge;
    private final Level lag;
    private final Timer append;
    private final Timer sync;

    CaptureMetrics(MeterRegistry registry) {
        var none = Tags.empty();
        slotLag = Level.register(
                registry,
                "flusso.replication.slot.lag",
                "bytes",
                "WAL from the slot's confirmed_flush_lsn to the server's end",
                none);
        walRetained = Level.register(
                registry,
                "flusso.wal.retained",
                "bytes",
                "WAL the server keeps for the slot, from its restart_lsn",
                none);
        journalFull = Level.register(
                registry,
                "flusso.journal.full",
                "",
                "1 while the journal has no room and changes wait in the source, else 0",
                none);
        heartbeatAge = LaneMetrics.heartbeatAge(registry, LaneMetrics.NO_LANE);
        lag = LaneMetrics.lag(registry, Stage.CAPTURE, LaneMetrics.NO_LANE);
        append = LaneMetrics.stage(registry, Stage.CAPTURE, LaneMetrics.NO_LANE);
        sync = LaneMetrics.stage(registry, Stage.JOURNAL, LaneMetrics.NO_LANE);
    }

    /** In bytes, from {@code confirmed_flush_lsn}. */
    public Level slotLagBytes() {
        return slotLag;
    }

    /** In bytes, from {@code restart_lsn}. */
    public Level walRetainedBytes() {
        return walRetained;
    }

    /** 1 while the journal has no room, else 0. */
    public Level journalFull() {
        return journalFull;
    }

    /** In seconds, of the newest heartbeat appended. */
    public Level heartbeatAgeSeconds() {
        return heartbeatAge;
    }

    /** In seconds, how far the newest appended entry is behind the server. */
    public Level lagSeconds() {
        return lag;
    }

    /** Events of the source were decoded and appended. */
    @Override
    public void appended(int events, Duration took) {
        append.record(took);
    }

    /** What was appended is on disk. */
    @Override
    public void durable(Duration took) {
        sync.record(took);
    }
}
