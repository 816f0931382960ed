package dev.flusso.journal;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reading end of an {@link InMemoryJournal}. */
final class InMemoryReader implements Reader {

    private final InMemoryEntries entries;
    private Position position = Position.BEGINNING;
    private @Nullable Recorded steppedTo;
    private boolean closed;

    InMemoryReader(InMemoryEntries entries) {
        this.entries = entries;
    }

    @Override
    public boolean advance() {
        return next() != null;
    }

    @Override
    public @Nullable Recorded next() {
        open();
        var next = entries.after(position, !position.equals(Position.BEGINNING));
        if (next != null) {
            position = next.position();
        }
        steppedTo = next;
        return next;
    }

    @Override
    public Entry.Kind kind() {
        return entry().kind();
    }

    @Override
    public Lsn lsn() {
        return entry().lsn();
    }

    @Override
    public TableName table() {
        if (entry() instanceof Entry.Change change) {
            return change.table();
        }
        throw new IllegalStateException(kind() + " is of no one table");
    }

    @Override
    public Entry entry() {
        var stepped = steppedTo;
        if (stepped == null) {
            throw new IllegalStateException("the reader has not stepped to an entry");
        }
        return stepped.entry();
    }

    @Override
    public void seekAfter(Position sought) {
        open();
        entries.find(sought);
        steppedTo = null;
        position = sought;
    }

    @Override
    public void seekTo(Instant time) {
        open();
        steppedTo = null;
        position = entries.before(time);
    }

    @Override
    public void seekToEnd() {
        open();
        steppedTo = null;
        position = entries.newest();
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public Position newest() {
        open();
        return entries.newest();
    }

    @Override
    public Position oldest() {
        open();
        return entries.oldest();
    }

    @Override
    public Optional<Entry.Coverage> coverageAt(Position at) {
        open();
        return entries.coverageAt(at);
    }

    @Override
    public Optional<Recorded> newestVisibility() {
        open();
        return entries.newestVisibility();
    }

    @Override
    public Optional<Entry.Heartbeat> newestHeartbeat() {
        open();
        return entries.newestHeartbeat();
    }

    @Override
    public long bytesAfter(Position after) {
        open();
        return (long) entries.countAfter(after) * InMemoryJournal.ENTRY_BYTES;
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("this reader was closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
