package dev.flusso.capture;

import java.util.Arrays;

/**
 * Which transactions a query sees, all ids in 64 bits.
 *
 * @param xmin every transaction below it is finished
 * @param xmax no transaction at or above it is seen
 * @param running those between the two that were under way, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in, never handed out
public record Snapshot(long xmin, long xmax, long[] running) {

    public Snapshot {
        if (xmin > xmax) {
            throw new IllegalArgumentException("no such snapshot: " + xmin + ":" + xmax);
        }
        running = running.clone();
        Arrays.sort(running);
    }

    /** Reads {@code pg_current_snapshot()}'s text, {@code xmin:xmax:xip,xip}. */
    public static Snapshot parse(String text) {
        var parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("'" + text + "' is not a snapshot, expected xmin:xmax:xip,…");
        }
        var running = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",")).mapToLong(Long::parseLong).toArray();
        return new Snapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    @Override
    public long[] running() {
        return running.clone();
    }

    /** Whether what this committed transaction did is seen. */
    public boolean sees(long xid) {
        return xid < xmin || (xid < xmax && Arrays.binarySearch(running, xid) < 0);
    }

    /**
     * The 64-bit id whose low half is {@code xid32}: the nearest one to this snapshot. Right as long as the two lie less than 2^31
     * transactions apart, which Postgres itself sees to.
     */
    public long extend(int xid32) {
        return xmax + (xid32 - (int) xmax);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Snapshot that
                && xmin == that.xmin
                && xmax == that.xmax
                && Arrays.equals(running, that.running);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(xmin * 31 + xmax) * 31 + Arrays.hashCode(running);
    }

    @Override
    public String toString() {
        return xmin + ":" + xmax + ":" + Arrays.toString(running);
    }
}
