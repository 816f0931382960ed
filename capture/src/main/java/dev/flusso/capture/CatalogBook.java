package dev.flusso.capture;

import dev.flusso.journal.Appender;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what the watch knows from one run to the next; written only once what was said about it is on disk. One thread. */
final class CatalogBook {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogBook.class);

    private final CatalogMemory memory;
    private final CatalogWatch watch;
    private final Outbox outbox;
    private final Appender appender;
    private boolean open;

    CatalogBook(CatalogMemory memory, CatalogWatch watch, Outbox outbox, Appender appender) {
        this.memory = memory;
        this.watch = watch;
        this.outbox = outbox;
        this.appender = appender;
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

    /** Writes what is known, when that has changed. */
    void keep() {
        if (outbox.isWaiting() || !watch.takeChanged()) {
            return;
        }
        try {
            appender.force();
            memory.save(CatalogText.print(watch.known()));
        } catch (IOException e) {
            throw new UncheckedIOException("what is known of the catalog cannot be written", e);
        }
    }
}
