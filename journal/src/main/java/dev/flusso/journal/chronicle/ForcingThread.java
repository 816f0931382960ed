package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.Position;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces what was appended to disk, in a thread of its own, and then says so. The library's own sync leaves holes between mapped
 * blocks; {@code fdatasync} of the file writes back every page of it, whoever mapped it.
 *
 * <p>One of the two places below the command line that start a thread; it ends with {@link #close}.
 */
final class ForcingThread implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ForcingThread.class);

    /** A segment with appended entries that may not be on disk. */
    private static final class Unforced {
        final Path path;
        final FileChannel channel;

        /** Its name, and what the queue notes about it, are not on disk either. */
        boolean isNew = true;

        /** Nothing is appended to it any more; the length to cut it to. */
        volatile long finishedBytes = -1;

        Unforced(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }
    }

    private final Supplier<Position> appended;
    private final long intervalNanos;
    private final Forcing forcing;
    private final Consumer<Position> onFailure;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Condition finished = lock.newCondition();
    private final List<Unforced> unforced = new ArrayList<>();
    private long asks;
    private long answers;
    private boolean stopping;

    private volatile Position durable;
    private volatile @Nullable Throwable failure;

    /**
     * @param appended the newest entry's position at any moment; what it names, and all before it, is in segments already added
     * @param onFailure told, in the thread and before anybody can notice, what is on disk when forcing fails
     */
    ForcingThread(
            String name,
            Supplier<Position> appended,
            Position durable,
            long intervalNanos,
            Forcing forcing,
            Consumer<Position> onFailure) {
        this.appended = appended;
        this.durable = durable;
        this.intervalNanos = Math.max(intervalNanos, 100_000);
        this.forcing = forcing;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Everything up to here is on disk. Any thread. */
    Position durable() {
        check();
        return durable;
    }

    /** Passes unless forcing failed. Any thread. */
    void check() {
        var cause = failure;
        if (cause != null) {
            throw new JournalDamagedException(
                    "the journal could not be forced to disk, what is on it is unknown: " + cause.getMessage()
                            + "; restart capture, which begins behind what it acknowledged",
                    cause);
        }
    }

    /** A segment was begun; the one before it, if any, is finished. To be called before an entry in it is made known. */
    void began(Path segment) throws IOException {
        var added = new Unforced(segment, FileChannel.open(segment, StandardOpenOption.WRITE));
        lock.lock();
        try {
            unforced.add(added);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is appended to a segment, of which {@code bytes} are used. */
    void finished(Path segment, long bytes) {
        lock.lock();
        try {
            for (var file : unforced) {
                if (file.path.equals(segment)) {
                    file.finishedBytes = bytes;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many segments are not wholly on disk. */
    int unforcedSegments() {
        lock.lock();
        try {
            return unforced.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when everything appended before the call is on disk, or throws. An interrupt is kept for later. Any thread. */
    void force() {
        lock.lock();
        try {
            var mine = ++asks;
            asked.signal();
            while (answers < mine && failure == null && thread.isAlive()) {
                finished.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        check();
    }

    private void run() {
        try {
            while (pass()) {
                // on
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("journal event=force_failed effect=\"nothing more is acknowledged\" durable={}", durable, e);
            onFailure.accept(durable);
            failure = e;
        } finally {
            lock.lock();
            try {
                finished.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for the interval or for somebody who asks, then forces; false when it was the last time. */
    private boolean pass() throws IOException {
        long answering;
        boolean last;
        Position target;
        List<Unforced> files;
        lock.lock();
        try {
            if (asks == answers && !stopping) {
                awaitInterval();
            }
            answering = asks;
            last = stopping;
            target = appended.get();
            files = List.copyOf(unforced);
        } finally {
            lock.unlock();
        }
        if (!target.equals(durable) || answering != answers || last) {
            for (var file : files) {
                force(file);
            }
            durable = target;
        }
        lock.lock();
        try {
            answers = answering;
            finished.signalAll();
        } finally {
            lock.unlock();
        }
        return !last;
    }

    private void awaitInterval() {
        try {
            var left = intervalNanos;
            while (left > 0 && asks == answers && !stopping) {
                left = asked.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // nobody has business interrupting this thread; it ends by close()
            LOG.debug("interrupted", e);
        }
    }

    private void force(Unforced file) throws IOException {
        var finishedBytes = file.finishedBytes;
        forcing.force(file.channel, file.path);
        if (file.isNew) {
            var directory = Disk.parent(file.path);
            Disk.forceFile(Layout.metadata(directory));
            Disk.forceDirectory(directory);
            file.isNew = false;
        }
        if (finishedBytes >= 0) {
            file.channel.close();
            cut(file.path, finishedBytes);
            lock.lock();
            try {
                unforced.remove(file);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Gives back what was reserved and not used. Not durable: the next start does it again if need be. */
    static void cut(Path segment, long usedBytes) throws IOException {
        // readers look at the word behind the last record: leave a page of it
        var keep = ((usedBytes + 4095) & -4096L) + 4096;
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            if (file.length() > keep) {
                file.setLength(keep);
            }
        }
    }

    /** Forces once more and ends the thread. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            stopping = true;
            asked.signal();
        } finally {
            lock.unlock();
        }
        var interrupted = false;
        while (thread.isAlive()) {
            try {
                TimeUnit.SECONDS.timedJoin(thread, 1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (var file : unforced) {
            file.channel.close();
        }
    }
}
