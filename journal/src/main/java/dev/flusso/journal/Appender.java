package dev.flusso.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The writing end; one in a journal, used by one thread unless a method says otherwise.
 *
 * <p>After an exception other than {@link JournalFullException} the appender must not be used again: close the journal, open it anew
 * and let the source send again what was not acknowledged. Nothing torn is ever delivered to a reader.
 */
public interface Appender {

    /**
     * Appends an entry; readers in any process can see it at once, and {@link #newest} says where it stands: after every entry before
     * it. It is <em>not</em> durable on return: see {@link #durable}. Makes no garbage.
     *
     * @throws JournalFullException when {@code max_bytes}, {@code min_free_bytes} or the disk leaves no room; nothing was appended
     * @throws IllegalArgumentException when the entry is larger than the engine can hold; names table and size
     */
    void append(Entry entry);

    /**
     * Everything up to and including this position is on disk: it survives a crash of the operating system. Moves by itself every
     * {@code sync_interval}; {@link Position#BEGINNING} before anything is. Any thread.
     *
     * @throws JournalDamagedException when forcing failed: what is on disk is then unknown, nothing more may be acknowledged
     */
    Position durable();

    /** Forces everything appended so far and returns when it is on disk; afterwards {@link #durable} covers it. */
    void force() throws IOException;

    /** The newest entry's position, durable or not; {@link Position#BEGINNING} in an empty journal. Any thread. */
    Position newest();

    /**
     * The source's place the newest {@link Entry.Commit} or {@link Entry.Progress} in this epoch names: everything of the source
     * before it stands in the journal. {@link Lsn#ZERO} when there is none. Read after opening, this is durable unless the
     * operating system crashed since, and then a new epoch was begun and it is what survived.
     */
    Lsn complete();

    /**
     * The newest {@link Entry.Commit} or {@link Entry.Heartbeat} of this epoch, by which one can tell whether the source still tells the
     * history that stands here; empty when none is known. Any thread.
     */
    Optional<Entry> witness();

    /** The coverage in force at the end; empty when none was ever appended in this epoch. */
    Optional<Entry.Coverage> coverage();

    /** Whose changes these are; empty before {@link #claim} was ever called. */
    Optional<SourceIdentity> identity();

    /**
     * Says whose changes follow. With an identity that is the present one but for its timeline this only notes the timeline; in
     * an empty journal it names its owner. Durable on return.
     *
     * @throws IllegalStateException when another source's changes are already here: see {@link #beginEpoch}
     */
    void claim(SourceIdentity identity) throws IOException;

    /**
     * Begins a new epoch for a source, with the gap that made it necessary as its first entry. What stands before stays readable.
     * Durable on return.
     *
     * @throws JournalFullException when the disk is full; then the epoch before goes on
     */
    Position beginEpoch(SourceIdentity identity, Entry.Missing gap) throws IOException;

    /**
     * Deletes segments nobody needs, by the rules of {@link Retention}, given the lane files as they are now. Call it every few
     * seconds, and when {@link #append} finds the journal full; if that is still so afterwards, nothing may be deleted yet.
     *
     * @return the lanes that were cut loose: their next entry is no longer kept
     */
    List<LaneName> prune(List<LaneFile> lanes) throws IOException;
}
