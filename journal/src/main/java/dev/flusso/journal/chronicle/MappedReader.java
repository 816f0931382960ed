package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reading end: a walk along the segments' files, which it maps read-only. It knows of the writer only what the files say, so the
 * writer may be absent, in another process or in another container.
 */
final class MappedReader implements Reader {

    private final Chain chain;
    private final Survey survey;
    private final Walk walk;
    private final Seek seek;
    private boolean closed;

    MappedReader(Chain chain) {
        this.chain = chain;
        this.survey = new Survey(chain);
        this.walk = new Walk(chain);
        this.seek = new Seek(chain, survey, walk);
    }

    @Override
    public boolean advance() {
        open();
        try {
            return walk.advance();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public @Nullable Recorded next() {
        if (!advance()) {
            return null;
        }
        try {
            return new Recorded(walk.place(), walk.entry());
        } catch (JournalDamagedException e) {
            walk.again();
            throw e;
        }
    }

    @Override
    public Entry.Kind kind() {
        return walk.kind();
    }

    @Override
    public Lsn lsn() {
        return walk.lsn();
    }

    @Override
    public TableName table() {
        return walk.table();
    }

    @Override
    public Entry entry() {
        return walk.entry();
    }

    @Override
    public void seekAfter(Position position) {
        guarded(() -> {
            seek.after(position);
            return true;
        });
    }

    @Override
    public void seekTo(Instant time) {
        guarded(() -> {
            seek.to(Times.micros(time));
            return true;
        });
    }

    @Override
    public void seekToEnd() {
        guarded(() -> {
            seek.after(survey.newest());
            return true;
        });
    }

    @Override
    public Position position() {
        return walk.place();
    }

    @Override
    public Position newest() {
        return guarded(survey::newest);
    }

    @Override
    public Position oldest() {
        return guarded(chain::oldest);
    }

    @Override
    public Optional<Entry.Coverage> coverageAt(Position position) {
        return guarded(() -> survey.coverageAt(position));
    }

    @Override
    public Optional<Recorded> newestVisibility() {
        return guarded(survey::newestVisibility);
    }

    @Override
    public Optional<Entry.Heartbeat> newestHeartbeat() {
        return guarded(survey::newestHeartbeat);
    }

    @Override
    public long bytesAfter(Position position) {
        return guarded(() -> survey.bytesAfter(position));
    }

    private interface Question<T> {
        T answer() throws IOException;
    }

    private <T> T guarded(Question<T> question) {
        open();
        try {
            return question.answer();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("this reader was closed");
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException(
                "cannot read the journal " + chain.layout().root() + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            walk.close();
            try {
                survey.close();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot close the journal " + chain.layout().root(), e);
            }
        }
    }
}
