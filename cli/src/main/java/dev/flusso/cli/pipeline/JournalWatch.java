package dev.flusso.cli.pipeline;

import dev.flusso.cli.status.JournalStatus;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalException;
import dev.flusso.journal.LaneFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the journal now and then, from outside; what was seen last is there for any thread. */
final class JournalWatch {

    /** What was seen at one look. */
    private record Seen(
            String oldest,
            String newest,
            long bytes,
            long freeBytes,
            @Nullable Instant heartbeat,
            List<LaneFile> lanes) {}

    private final Journal journal;
    private final Path directory;
    private volatile Seen seen = new Seen("", "", 0, -1, null, List.of());
    private volatile String lastError = "";

    JournalWatch(Journal journal, Path directory) {
        this.journal = journal;
        this.directory = directory;
    }

    void look() {
        try (var reader = journal.reader()) {
            var visible = reader.newestVisibility();
            var before = seen.heartbeat();
            var heartbeat = visible.map(
                            recorded -> recorded.entry() instanceof Entry.Heartbeat beat ? beat.emittedAt() : before)
                    .orElse(before);
            seen = new Seen(
                    reader.oldest().toString(),
                    reader.newest().toString(),
                    journal.bytes(),
                    Files.exists(directory) ? Files.getFileStore(directory).getUsableSpace() : -1,
                    heartbeat,
                    journal.lanes().all());
            lastError = "";
        } catch (IOException | UncheckedIOException | JournalException e) {
            lastError = String.valueOf(e.getMessage());
        }
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

    /** The newest file of each lane that is not among {@code running}. */
    List<LaneFile> orphans(Set<String> running) {
        return seen.lanes().stream()
                .filter(file -> !running.contains(file.lane().toString()))
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
