package dev.flusso.cli.pipeline;

import dev.flusso.cli.status.JournalStatus;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalException;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.Reader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the journal now and then, from outside; what was seen last is there for any thread. */
final class JournalWatch implements AutoCloseable {

    /** What was seen at one look. */
    private record Seen(
            String oldest,
            String newest,
            long bytes,
            long freeBytes,
            @Nullable Instant heartbeat,
            List<LaneFile> lanes) {}

    /** A lane whose file nobody has written for this long is run by nobody. */
    static final Duration FORSAKEN = Duration.ofMinutes(1);

    private final Journal journal;
    private final Path directory;
    private @Nullable Reader reader;
    private boolean closed;
    private volatile Seen seen = new Seen("", "", 0, -1, null, List.of());
    private volatile String lastError = "";

    JournalWatch(Journal journal, Path directory) {
        this.journal = journal;
        this.directory = directory;
    }

    /** The reader is kept: a new one would read the whole newest segment. */
    synchronized void look() {
        if (closed) {
            return;
        }
        try {
            var open = reader;
            if (open == null) {
                open = journal.reader();
                reader = open;
            }
            var before = seen.heartbeat();
            var heartbeat =
                    open.newestHeartbeat().map(Entry.Heartbeat::emittedAt).orElse(before);
            seen = new Seen(
                    open.oldest().toString(),
                    open.newest().toString(),
                    journal.bytes(),
                    Files.exists(directory) ? Files.getFileStore(directory).getUsableSpace() : -1,
                    heartbeat,
                    journal.lanes().all());
            lastError = "";
        } catch (IOException | UncheckedIOException | JournalException e) {
            lastError = String.valueOf(e.getMessage());
            leave();
        }
    }

    private void leave() {
        var open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        leave();
    }

    long bytes() {
        return seen.bytes();
    }

    String newest() {
        return seen.newest();
    }

    /** When the newest heartbeat in the journal was emitted; null before one was seen. */
    @Nullable
    Instant newestHeartbeat() {
        return seen.heartbeat();
    }

    /** The newest trouble in reading it; empty when the last look went well. */
    String lastError() {
        return lastError;
    }

    /**
     * The newest file of each lane that nobody runs: its name is not among {@code named}, and it was written long ago, while a lane
     * that is run by whatever process leaves its place every few seconds.
     */
    List<LaneFile> orphans(Set<String> named, Instant now) {
        return seen.lanes().stream()
                .filter(file -> !named.contains(file.lane().toString()))
                .filter(file -> file.writtenAt().isBefore(now.minus(FORSAKEN)))
                .toList();
    }

    JournalStatus view(long maxBytes) {
        var now = seen;
        return new JournalStatus(
                directory.toString(),
                now.oldest().isEmpty() ? null : now.oldest(),
                now.newest().isEmpty() ? null : now.newest(),
                now.bytes(),
                maxBytes,
                now.freeBytes() < 0 ? null : now.freeBytes(),
                lastError.isEmpty() ? null : lastError);
    }
}
