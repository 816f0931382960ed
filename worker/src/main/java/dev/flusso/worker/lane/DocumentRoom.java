package dev.flusso.worker.lane;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The bytes of finished documents a worker process holds, shared by all its lanes, so that memory does not grow with their number:
 *
 * <pre>
 *   total = one half for guarantees: each lane may hold its part of that, whatever the others do
 *         + one half to be shared:   a lane may hold as much of it, beyond its guarantee, as is left over besides
 * </pre>
 *
 * One lane alone so gets three quarters of the total, a lane that comes later always finds its part, and one whose sink is stuck starves
 * nobody. Documents are asked for with a {@linkplain Share#reserve reservation}; only a single document larger than what was reserved
 * exceeds it. Any thread may use it.
 */
public final class DocumentRoom {

    /** Below this a reservation is not worth a question. */
    private static final long LEAST_BYTES = 64 << 10;

    private final long totalBytes;
    private final Set<Share> shares = new HashSet<>();
    private long heldBytes;

    private final LongSupplier nanos;

    private DocumentRoom(long totalBytes, LongSupplier nanos) {
        this.totalBytes = totalBytes;
        this.nanos = nanos;
    }

    /**
     * Room for so many bytes.
     *
     * @param nanos {@code System::nanoTime}: waits are measured with it
     */
    public static DocumentRoom of(long totalBytes, LongSupplier nanos) {
        if (totalBytes < 1 << 20) {
            throw new IllegalArgumentException(
                    "room for " + totalBytes + " bytes of documents, expected 1 MiB at least");
        }
        return new DocumentRoom(totalBytes, nanos);
    }

    /** A quarter of the heap: the rest is for what the driver and the client hold of the same documents, and for the collector. */
    public static DocumentRoom ofHeap(LongSupplier nanos) {
        return of(Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4), nanos);
    }

    /** A part of the room for one generation; to be closed. */
    synchronized Share open() {
        var share = new Share();
        shares.add(share);
        notifyAll();
        return share;
    }

    private long guarantee() {
        return totalBytes / 2 / Math.max(1, shares.size());
    }

    /** How much more a share may hold; nothing for anybody while giants have taken half as much again as there should be. */
    private long allowance(Share asking) {
        if (heldBytes >= totalBytes + totalBytes / 2) {
            return 0;
        }
        var guarantee = guarantee();
        var spare = totalBytes - guarantee * shares.size();
        for (var share : shares) {
            spare -= Math.max(0, share.bytes - guarantee);
        }
        return asking.bytes < guarantee
                ? guarantee - asking.bytes + Math.max(0, spare / 2)
                : Math.max(0, spare - (asking.bytes - guarantee));
    }

    /** How many bytes all shares hold; for tests. */
    synchronized long heldBytes() {
        return heldBytes;
    }

    /** What one generation holds. */
    final class Share implements AutoCloseable {

        private long bytes;
        private boolean closed;

        private Share() {}

        /** Whether there is room for about a mebibyte, or for all that is guaranteed when that is less. */
        boolean isOpen() {
            synchronized (DocumentRoom.this) {
                return !closed && allowance(this) >= Math.min(1 << 20, guarantee());
            }
        }

        /**
         * Reserves up to {@code most} bytes for documents that are to be asked for.
         *
         * @return how many; 0 when there is no room now. They count until {@link #give given back}
         */
        long reserve(long most) {
            synchronized (DocumentRoom.this) {
                var least = Math.min(Math.min(most, LEAST_BYTES), guarantee());
                var granted = closed ? 0 : Math.min(most, allowance(this));
                if (granted < least || granted <= 0) {
                    return 0;
                }
                take(granted);
                return granted;
            }
        }

        /**
         * As {@link #reserve}, of just so many bytes, waiting for them; more than there can ever be is reserved once nothing else is held
         * here.
         *
         * @return whether they are reserved; if not, time has run out or the share is closed
         */
        boolean await(long wanted, long patienceNanos) throws InterruptedException {
            var until = nanos.getAsLong() + patienceNanos;
            synchronized (DocumentRoom.this) {
                while (!closed && bytes > 0 && allowance(this) < wanted) {
                    var left = until - nanos.getAsLong();
                    if (left <= 0) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.timedWait(DocumentRoom.this, left);
                }
                if (closed) {
                    return false;
                }
                take(wanted);
                return true;
            }
        }

        /** Counts bytes that are held from now on, room or not. */
        void take(long more) {
            synchronized (DocumentRoom.this) {
                if (!closed) {
                    bytes += more;
                    heldBytes += more;
                }
            }
        }

        /** Gives bytes back. */
        void give(long less) {
            synchronized (DocumentRoom.this) {
                if (!closed) {
                    bytes -= less;
                    heldBytes -= less;
                    DocumentRoom.this.notifyAll();
                }
            }
        }

        long bytes() {
            synchronized (DocumentRoom.this) {
                return bytes;
            }
        }

        /** Gives all of it back; what is held here still is about to be dropped. */
        @Override
        public void close() {
            synchronized (DocumentRoom.this) {
                if (!closed) {
                    closed = true;
                    heldBytes -= bytes;
                    bytes = 0;
                    shares.remove(this);
                    DocumentRoom.this.notifyAll();
                }
            }
        }
    }
}
