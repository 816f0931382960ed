package dev.flusso.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One index in one sink, with its generations. Any thread. Every call has a deadline and fails with a {@link SinkException}.
 *
 * <p>An answer that cannot be read, or does not answer for each document, is {@link SinkException.Kind#UNAVAILABLE}: what was asked may
 * or may not have happened. Every call here may be repeated. Asked of a generation that is not there, {@code write}, {@code refresh},
 * {@code endSeeding} and {@code serve} fail with {@link SinkException.Kind#INDEX_MISSING} and never create it.
 *
 * <p>A sink without names to move (a pipe) has one generation, and the calls that manage generations do nothing there.
 */
public interface SinkIndex {

    /** The hash of what is written into an index' name: another hash is another mapping, and needs a new generation. */
    String hash();

    /** The name a generation of the present hash has. */
    String generationName(int number);

    /** Whether rows nobody remembers can be taken away by building a new generation and moving to it. */
    boolean hasGenerations();

    /** The generations of this index that exist, of any hash, in the order of their numbers; never another program's. */
    List<SinkGeneration> generations();

    /**
     * Creates a generation, with refreshing off. When it exists already, only those of the config's settings are applied that go with
     * any content (replicas, pipeline; the refresh interval unless it is still off).
     *
     * @return it as it is now
     * @throws SinkException {@link SinkException.Kind#REFUSED} when another program's index has the name
     */
    SinkGeneration create(int number);

    /**
     * Sends one request's worth of documents; no two of the same id. Nothing is repeated: that is the caller's. A request the sink
     * finds too large is cut in halves, down to single documents; one that is too large by itself is
     * {@link Outcome.Rejected}{@code ("document_too_large", …)}.
     *
     * @return completes on any thread with an outcome for each write, in their order, or exceptionally with a {@link SinkException}
     */
    CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes);

    /** Ends seeding: sets the configured refresh interval and replicas, and makes everything searchable. */
    void endSeeding(String generation);

    /** Makes what was written searchable. */
    CompletableFuture<Void> refresh(String generation);

    /**
     * Moves both aliases to a generation, in one step, away from whatever held them, other programs' indexes too.
     *
     * @throws SinkException {@link SinkException.Kind#REFUSED} when an index has the name of one of the aliases
     */
    void serve(String generation);

    /** Whether anything holds the plain alias, other programs' indexes included: whether somebody is being served already. */
    default boolean isServing() {
        return generations().stream().anyMatch(SinkGeneration::served);
    }

    /**
     * Deletes a generation with its aliases, and what is remembered of it; nothing happens when it is not there.
     *
     * @throws SinkException {@link SinkException.Kind#REFUSED} when the index of that name is another program's
     */
    void drop(String generation);

    /**
     * Remembers, in the sink itself, how far a generation has come, so that a sink restored from a backup is noticed: what is there is
     * replaced only while it is not older than what the sink has acknowledged, or the next look would find nothing missing.
     *
     * @param acknowledged what the sink has acknowledged last, {@link SinkMemory#NONE} when it has not
     * @throws SinkException {@link SinkException.Kind#OLDER} when the sink remembers less than that; it is left as it is
     */
    void remember(String generation, SinkMemory acknowledged, SinkMemory memory);
}
