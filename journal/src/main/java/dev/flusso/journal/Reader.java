package dev.flusso.journal;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reading end, independent of all others; used by one thread. It never disturbs the writer and does not need one to be there.
 * A fresh reader stands before the oldest entry kept.
 *
 * <p>What cannot be read any more, though it should be there, is not passed over in silence and does not stop the reader for ever: in
 * its place stands one {@link Entry.Missing} with {@link Gap.Reason#JOURNAL_DAMAGED} for every table, at the position of the first
 * entry lost, and reading goes on behind it. It is met again by whoever reads there again. The end of an epoch that a crash of the
 * operating system tore is no such damage: the source has sent what stood there again, in the next epoch.
 */
public interface Reader extends AutoCloseable {

    /**
     * Steps to the next entry; false when there is none <em>now</em>. Of the entry nothing is decoded but what is asked for by
     * {@link #kind}, {@link #lsn}, {@link #table} and {@link #entry}, until the next step or seek; so passing what does not matter
     * makes no garbage. Else as {@link #next}.
     */
    boolean advance();

    /** What the entry stepped to is. */
    Entry.Kind kind();

    /** The source's place it speaks of. */
    Lsn lsn();

    /** The table of the {@link Entry.Change} stepped to. */
    TableName table();

    /**
     * The entry stepped to, decoded anew each time it is asked for.
     *
     * @throws JournalDamagedException as {@link #next}
     */
    Entry entry();

    /**
     * The next entry, and steps past it; null when there is none <em>now</em>. Later calls find what was appended since, across
     * segments and epochs. It may return entries that are not durable yet.
     *
     * @throws PositionGoneException when the place it stands at was deleted meanwhile; seek again
     * @throws JournalDamagedException when the next entry is whole but makes no sense: another release of flusso wrote it
     */
    @Nullable
    Recorded next();

    /**
     * Stands so that {@link #next} returns the first entry after {@code position}, which must be {@link Position#BEGINNING} (the
     * oldest kept), an entry's position that is still kept, or the position of the newest entry deleted. A position that was lost
     * when the operating system crashed counts as the end of its epoch: what stood there comes again in the next one.
     *
     * @throws PositionGoneException when entries after it were deleted, or it was never there (the journal lost its end), or there
     *     is no journal yet
     */
    void seekAfter(Position position);

    /** Stands before the first entry whose transaction committed, or which was emitted, at or after {@code time}; at the end if none. */
    void seekTo(Instant time);

    /** Stands after the newest entry. */
    void seekToEnd();

    /** The position after which this reader stands: of the entry read last, or what was sought; {@link Position#BEGINNING} at first. */
    Position position();

    /** The newest entry's position now; {@link Position#BEGINNING} in an empty journal. */
    Position newest();

    /** The oldest position that {@link #seekAfter} accepts, {@link Position#BEGINNING} while nothing was ever deleted. */
    Position oldest();

    /**
     * The coverage in force just after {@code position}; empty when there was none. Found by reading from the start of its segment;
     * does not move the reader.
     */
    Optional<Entry.Coverage> coverageAt(Position position);

    /**
     * The newest entry that carries a {@code visibleThrough} (heartbeat, coverage, progress) at or before the journal's end; empty
     * when there is none in the newest epoch. Does not move the reader.
     */
    Optional<Recorded> newestVisibility();

    /**
     * The newest heartbeat; empty when none stands in the newest segment, unless this reader was asked before and has seen it. Does not
     * move the reader. A reader that is kept and asked again looks only at what is new.
     */
    Optional<Entry.Heartbeat> newestHeartbeat();

    /** About how many bytes of entries stand after {@code position}: a lag for people, not for decisions. */
    long bytesAfter(Position position);

    @Override
    void close();
}
