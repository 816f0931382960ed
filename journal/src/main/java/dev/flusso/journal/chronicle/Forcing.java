package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The one system call everything rests on: {@code fdatasync} of a segment. Tests put a disk in its place that fails.
 *
 * <p>It is never asked again after it has failed: the kernel has then thrown the pages away, or calls them clean, and the next call
 * succeeds without having written anything.
 */
@FunctionalInterface
interface Forcing {

    /** The disk itself. */
    Forcing DISK = (channel, path) -> channel.force(false);

    /** Returns when what was written to the file is on disk. */
    void force(FileChannel channel, Path path) throws IOException;
}
