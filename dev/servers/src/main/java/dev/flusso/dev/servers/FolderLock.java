package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** A lock file that excludes other JVMs and other threads of this one; the kernel frees it when the JVM dies. */
final class FolderLock implements AutoCloseable {

    private static final Duration LONGEST_UNPACKING = Duration.ofMinutes(3);

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for the lock. */
    static FolderLock open(Path file) {
        return Eventually.within(LONGEST_UNPACKING)
                .value("the lock " + file, () -> tryOpen(file), Optional::isPresent)
                .orElseThrow();
    }

    /** Waits for the lock and does {@code work} under it. */
    static <T> T holding(Path file, Work<T> work) throws IOException {
        var lock = open(file);
        try {
            return work.result();
        } finally {
            lock.close();
        }
    }

    /** Takes the lock, or returns empty when somebody else has it. */
    static Optional<FolderLock> tryOpen(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // another thread or class loader of this JVM has it
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? Optional.empty() : Optional.of(new FolderLock(channel));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ServerException("cannot free a lock", e);
        }
    }

    /** What is done under a lock. */
    @FunctionalInterface
    interface Work<T> {
        T result() throws IOException;
    }
}
