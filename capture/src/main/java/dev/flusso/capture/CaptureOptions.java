package dev.flusso.capture;

import java.time.Duration;

/**
 * How capture behaves; what it may do to the database is told to the {@link Source}.
 *
 * @param healGaps whether a gap is healed; else it ends capture with exit code 6
 * @param heartbeatInterval zero turns the heartbeat off
 * @param lagInterval how often slot and lag are looked at
 * @param watchInterval how often the catalog and what the lanes need are looked at; what could not be provisioned is tried again twice
 *     as rarely
 */
public record CaptureOptions(
        boolean healGaps, Duration heartbeatInterval, Duration lagInterval, Duration watchInterval) {

    /** As REFERENCE has them. */
    public static final CaptureOptions DEFAULT =
            new CaptureOptions(true, Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(3));

    public CaptureOptions {
        if (heartbeatInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "'source.heartbeat_interval' is " + heartbeatInterval + ", expected 0 or more");
        }
        if (lagInterval.isNegative() || lagInterval.isZero() || watchInterval.isNegative() || watchInterval.isZero()) {
            throw new IllegalArgumentException("the lag interval is " + lagInterval + ", the watch interval "
                    + watchInterval + ", expected more than 0");
        }
    }
}
