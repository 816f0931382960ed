package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows the journal's end for questions about it; each look goes on where the last one stopped. One thread. */
final class Tip implements Closeable {

    private final Chain chain;
    private @Nullable SegmentCursor cursor;
    private Position newest = Position.BEGINNING;
    private @Nullable Recorded visibility;
    private Entry.@Nullable Heartbeat heartbeat;

    Tip(Chain chain) {
        this.chain = chain;
    }

    Position newest() throws IOException {
        look();
        return newest;
    }

    Optional<Recorded> visibility() throws IOException {
        look();
        return Optional.ofNullable(visibility);
    }

    /** The newest one seen; those of segments before the first that was looked at are not known. */
    Optional<Entry.Heartbeat> heartbeat() throws IOException {
        look();
        return Optional.ofNullable(heartbeat);
    }

    /** The segment that is newest now and how much of it is used; empty in an empty journal. */
    Optional<SegmentCursor> end() throws IOException {
        look();
        return Optional.ofNullable(cursor);
    }

    private void look() throws IOException {
        while (true) {
            if (cursor == null || !cursor.file().isThere()) {
                enter(chain.newest());
            }
            var current = cursor;
            if (current == null) {
                return;
            }
            drain(current);
            var next = chain.afterEpoch(current.segment().epoch());
            if (next.isEmpty()) {
                next = chain.after(current.segment(), false);
            }
            if (next.isEmpty()) {
                return;
            }
            drain(current);
            enter(next);
        }
    }

    private void drain(SegmentCursor current) {
        while (true) {
            switch (current.step()) {
                case ENTRY -> {
                    newest = current.position();
                    if (FrameType.isVisibility(current.type())) {
                        visibility = current.recorded();
                        if (visibility.entry() instanceof Entry.Heartbeat beat) {
                            heartbeat = beat;
                        }
                    }
                }
                case DAMAGED -> {
                    // what comes behind it is newer than what we know
                }
                case WAITING, ENDED -> {
                    return;
                }
            }
        }
    }

    private void enter(Optional<SegmentCursor> next) throws IOException {
        if (cursor != null) {
            cursor.close();
        }
        cursor = next.orElse(null);
        if (next.isPresent()) {
            var head = next.get().head();
            newest = head.map(SegmentHead::previous).orElse(newest);
            visibility = head.map(SegmentHead::visibility).orElse(null);
        }
    }

    @Override
    public void close() throws IOException {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
