package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the journal may take more of the disk, by its options and by what is free. */
final class Room {

    private final Path root;
    private final JournalOptions options;
    private final FileStore disk;

    Room(Path root, JournalOptions options) throws IOException {
        this.root = root;
        this.options = options;
        this.disk = Files.getFileStore(root);
    }

    /** How many bytes more than allowed the journal would take with {@code more}; 0 or less when they fit. */
    long excess(long taken, long more) throws IOException {
        return Math.max(taken + more - options.maxBytes(), options.minFreeBytes() + more - usable());
    }

    /**
     * Passes when {@code more} bytes fit.
     *
     * @throws JournalFullException naming the bound they would break
     */
    void require(long taken, long more) throws IOException {
        if (taken + more > options.maxBytes()) {
            throw new JournalFullException("the journal " + root + " takes " + taken + " bytes and needs " + more
                    + " more, but 'journal.max_bytes' is " + options.maxBytes());
        }
        var usable = usable();
        if (usable - more < options.minFreeBytes()) {
            throw new JournalFullException("the journal " + root + " needs " + more + " bytes, but its disk has "
                    + usable + " free and 'journal.min_free_bytes' is " + options.minFreeBytes());
        }
    }

    /**
     * Passes when the disk has {@code more} bytes left, whatever the options say.
     *
     * @throws JournalFullException when it has not
     */
    void requireOfDisk(long more) throws IOException {
        if (usable() < more) {
            throw diskFull(more);
        }
    }

    JournalFullException diskFull(long more) {
        return new JournalFullException(
                "the journal " + root + " needs " + more + " bytes, but its disk is full or its quota used up");
    }

    private long usable() throws IOException {
        return disk.getUsableSpace();
    }
}
