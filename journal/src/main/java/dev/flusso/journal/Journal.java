package dev.flusso.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A journal on disk, or something that behaves like one. Opened for writing by at most one process, for reading by any number.
 */
public interface Journal extends Closeable {

    /**
     * The writing end.
     *
     * @throws IllegalStateException when this journal was opened for reading only
     */
    Appender appender();

    /** A new reading end; close it when done. Any thread may ask, the one that uses it should. */
    Reader reader();

    /** The lane files. */
    Lanes lanes();

    /** Whose changes it holds; empty while nobody has claimed it. */
    Optional<SourceIdentity> identity();

    /** Bytes it takes on disk now. */
    long bytes() throws IOException;

    /** Closes ends, threads and files, forcing what was appended. A closed journal cannot be used. */
    @Override
    void close() throws IOException;
}
