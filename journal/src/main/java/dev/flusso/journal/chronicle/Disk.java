package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Durable steps on directories and small files. None of them is disturbed by an interrupted thread, which would otherwise close the
 * channel under our hands.
 */
final class Disk {

    private Disk() {}

    /** Something that uses an interruptible channel from its opening to its closing. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step with the thread's interrupt put aside; it is set again afterwards. */
    static <T> T uninterrupted(Step<T> step) throws IOException {
        var interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Makes the names in a directory durable. */
    static void forceDirectory(Path directory) throws IOException {
        uninterrupted(() -> {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
                return true;
            }
        });
    }

    /** Makes a file's content durable, whoever wrote it. */
    static void forceFile(Path file) throws IOException {
        uninterrupted(() -> {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
                return true;
            }
        });
    }

    /** Makes what was written to a file durable, by the given way. */
    static void forceData(Path file, Forcing forcing) throws IOException {
        uninterrupted(() -> {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                forcing.force(channel, file);
                return true;
            }
        });
    }

    /** Makes a directory only its owner may enter, and those above it; nothing happens when it is there. */
    static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        var parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            return;
        }
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    /** Puts bytes in place of a file: afterwards it is durable and whole; after a crash it is either the old or the new one. */
    static void replace(Path file, byte[] bytes) throws IOException {
        var directory = parent(file);
        var fresh = directory.resolve("." + file.getFileName() + ".tmp");
        try (var out = new RandomAccessFile(fresh.toFile(), "rw")) {
            out.setLength(0);
            out.write(bytes);
            out.getFD().sync();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(directory);
    }

    /** Deletes a directory and what is in it; nothing happens when it is not there. */
    static void deleteTree(Path directory) throws IOException {
        for (var child : Layout.children(directory)) {
            if (Files.isDirectory(child)) {
                deleteTree(child);
            } else {
                Files.deleteIfExists(child);
            }
        }
        Files.deleteIfExists(directory);
    }

    static Path parent(Path file) {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " has no directory above it");
        }
        return parent;
    }
}
