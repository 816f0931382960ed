package dev.flusso.bench;

import java.util.List;

/**
 * Some figures that are measured together, over servers and data of their own. One thread.
 *
 * <p>Each call of {@link #round} measures every figure once, its limit and ours one after the other, so that both meet the same noise.
 */
public interface Contest extends AutoCloseable {

    /** What it is called on the command line, such as {@code documents}. */
    String name();

    /** Starts what it needs, makes the data, and warms up; may take minutes. */
    void prepare(Settings settings) throws Exception;

    /** Measures each figure once, in the same order each time. */
    List<Reading> round() throws Exception;

    /** Ends what {@link #prepare} has started, also after a failure in it. */
    @Override
    void close();
}
