package dev.flusso.worker.lane;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.Lanes;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.SourceIdentity;
import dev.flusso.journal.TableName;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A journal one entry of which cannot be read.
 *
 * @param after the entry before it; null when all can be read
 */
record DamagedJournal(Journal journal, Supplier<@Nullable Position> after) implements Journal {

    @Override
    public Appender appender() {
        return journal.appender();
    }

    @Override
    public Reader reader() {
        return new DamagedReader(journal.reader(), after);
    }

    @Override
    public Lanes lanes() {
        return journal.lanes();
    }

    @Override
    public Optional<SourceIdentity> identity() {
        return journal.identity();
    }

    @Override
    public long bytes() throws IOException {
        return journal.bytes();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    private record DamagedReader(Reader reader, Supplier<@Nullable Position> after) implements Reader {

        @Override
        public boolean advance() {
            fail();
            return reader.advance();
        }

        @Override
        public Entry.Kind kind() {
            return reader.kind();
        }

        @Override
        public Lsn lsn() {
            return reader.lsn();
        }

        @Override
        public TableName table() {
            return reader.table();
        }

        @Override
        public Entry entry() {
            return reader.entry();
        }

        @Override
        public @Nullable Recorded next() {
            fail();
            return reader.next();
        }

        private void fail() {
            if (reader.position().equals(after.get())) {
                throw new JournalDamagedException(
                        "the entry after " + reader.position() + " cannot be read, as the test wants it");
            }
        }

        @Override
        public void seekAfter(Position position) {
            reader.seekAfter(position);
        }

        @Override
        public void seekTo(Instant time) {
            reader.seekTo(time);
        }

        @Override
        public void seekToEnd() {
            reader.seekToEnd();
        }

        @Override
        public Position position() {
            return reader.position();
        }

        @Override
        public Position newest() {
            return reader.newest();
        }

        @Override
        public Position oldest() {
            return reader.oldest();
        }

        @Override
        public Optional<Entry.Coverage> coverageAt(Position position) {
            return reader.coverageAt(position);
        }

        @Override
        public Optional<Entry.Heartbeat> newestHeartbeat() {
            return reader.newestHeartbeat();
        }

        @Override
        public Optional<Recorded> newestVisibility() {
            return reader.newestVisibility();
        }

        @Override
        public long bytesAfter(Position position) {
            return reader.bytesAfter(position);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
