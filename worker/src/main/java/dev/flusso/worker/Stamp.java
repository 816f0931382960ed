package dev.flusso.worker;

import java.util.Arrays;

/**
 * What a query saw: its own snapshot, and the timeline it ran on.
 *
 * @param timeline the source's timeline, 1 or more
 * @param xmin every transaction below it is finished
 * @param xmax every transaction at or above it is not seen
 * @param running the transactions between the two that were under way, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in, never handed out
public record Stamp(int timeline, long xmin, long xmax, long[] running) {

    public Stamp {
        if (timeline < 1 || xmin > xmax) {
            throw new IllegalArgumentException("no such snapshot: timeline " + timeline + ", " + xmin + ":" + xmax);
        }
        running = running.clone();
        Arrays.sort(running);
    }

    /** Reads {@code pg_current_snapshot()}'s text, {@code xmin:xmax:xip,xip}. */
    public static Stamp parse(int timeline, String snapshot) {
        var parts = snapshot.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("'" + snapshot + "' is not a snapshot, expected xmin:xmax:xip,…");
        }
        var running = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",")).mapToLong(Long::parseLong).toArray();
        return new Stamp(timeline, Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    @Override
    public long[] running() {
        return running.clone();
    }

    /** Whether what this committed transaction did was visible. */
    public boolean sees(long xid) {
        return xid < xmin || (xid < xmax && Arrays.binarySearch(running, xid) < 0);
    }

    /**
     * The version of everything built from this snapshot: {@code timeline << 48 | number of finished transactions}. It never falls,
     * rises with each commit, and equal means equal data.
     */
    public long version() {
        return ((long) timeline << 48) | (xmax - running.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Stamp that
                && timeline == that.timeline
                && xmin == that.xmin
                && xmax == that.xmax
                && Arrays.equals(running, that.running);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(version());
    }

    @Override
    public String toString() {
        return timeline + "/" + xmin + ":" + xmax + ":" + Arrays.toString(running);
    }
}
