package dev.flusso.capture;

import dev.flusso.journal.Appender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what the watch knows from one run to the next; written only once what was said about it is on disk. One thread. */
final class CatalogBook {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogBook.class);

    private final CatalogMemory memory;
    private final CatalogWatch watch;
    private final Outbox outbox;
    private final Appender appender;
    private final Every again;
    private boolean open;
    private boolean owed;

    CatalogBook(CatalogMemory memory, CatalogWatch watch, Outbox outbox, Appender appender, LongSupplier nanos) {
        this.memory = memory;
        this.watch = watch;
        this.outbox = outbox;
        this.appender = appender;
        this.again = new Every(nanos, Duration.ofSeconds(5));
    }

    /** The journal is continued: lets the watch know, once, how the tables were when capture last ran. */
    void open() {
        if (open) {
            return;
        }
        try {
            var text = memory.load();
            var known = text.flatMap(CatalogText::parse);
            known.ifPresent(watch::remember);
            if (text.isPresent() && known.isEmpty()) {
                LOG.warn("what was known of the catalog cannot be read; DDL while capture was down goes unnoticed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was known of the catalog cannot be read", e);
        }
        open = true;
    }

    /** A new story begins: nothing of what was known matters any more. */
    void forget() {
        watch.reset();
        open = true;
    }

    /**
     * Writes what is known, when that has changed. A full disk must not end capture: it is tried again now and then, and until then
     * a restart only finds DDL once more.
     */
    void keep() {
        if (outbox.isWaiting() || (owed && !again.isDue())) {
            return;
        }
        var changed = watch.takeChanged();
        if (!changed && !owed) {
            return;
        }
        try {
            appender.force();
            memory.save(CatalogText.print(watch.known()));
            owed = false;
        } catch (IOException e) {
            if (!owed) {
                LOG.warn("what is known of the catalog cannot be written, it is tried again: {}", e.toString());
            }
            owed = true;
        }
    }
}
