package dev.flusso.journal;

import java.io.IOException;

/** A lock that lives as long as its process: the kernel gives it back on any kind of death. */
public interface Ownership extends AutoCloseable {

    /** Gives it back; more than once does no harm. */
    @Override
    void close() throws IOException;
}
