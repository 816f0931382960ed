package dev.flusso.journal.chronicle;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.JournalInspection;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Lanes;
import dev.flusso.journal.Reader;
import dev.flusso.journal.SourceIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The journal on disk. Everything else in this package is behind it. */
public final class ChronicleJournal implements Journal {

    private final Layout layout;
    private final Chain chain;
    private final Lanes lanes;

    /** Both null in a journal that was opened for reading. */
    private final @Nullable HeldFile owner;

    private final @Nullable ChronicleAppender appender;

    private ChronicleJournal(
            Layout layout, Chain chain, @Nullable HeldFile owner, @Nullable ChronicleAppender appender) {
        this.layout = layout;
        this.chain = chain;
        this.lanes = new LaneDirectory(layout.lanes());
        this.owner = owner;
        this.appender = appender;
    }

    /**
     * Opens a journal for writing, and makes it if it is not there. What the last writer left is looked through first; on return it
     * is on disk. If the operating system crashed under the last writer, a new epoch is begun here.
     *
     * @param clock weighs the age of consumed history
     * @throws dev.flusso.journal.HeldElsewhereException at once, naming the holder, when another process, or another part of this
     *     one, writes it
     * @throws JournalDamagedException when the directory is not a journal's
     */
    public static ChronicleJournal open(Path directory, JournalOptions options, InstantSource clock)
            throws IOException {
        return open(directory, options, Machine.real(clock));
    }

    /** As the other, on another machine. */
    static ChronicleJournal open(Path directory, JournalOptions options, Machine machine) throws IOException {
        Chronicle.ready();
        var layout = new Layout(directory.toAbsolutePath());
        Disk.makeDirectories(layout.root());
        var owner = HeldFile.take(layout.ownerLock(), "the journal " + layout.root());
        try {
            var appender = Start.writing(layout, options, machine);
            return new ChronicleJournal(layout, new Chain(layout, machine.bootId()), owner, appender);
        } catch (IOException | RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    /**
     * Opens a journal for reading. It need not be there yet: readers find nothing until capture has begun it, and then find it. The
     * lane files can be written.
     */
    public static ChronicleJournal openReadOnly(Path directory) {
        return openReadOnly(directory, Machine::kernelBootId);
    }

    static ChronicleJournal openReadOnly(Path directory, Supplier<String> bootId) {
        Chronicle.ready();
        var layout = new Layout(directory.toAbsolutePath());
        return new ChronicleJournal(layout, new Chain(layout, bootId), null, null);
    }

    /** Looks at a journal's files without taking part. */
    public static JournalInspection inspect(Path directory) {
        Chronicle.ready();
        var layout = new Layout(directory.toAbsolutePath());
        return new FileInspection(new Chain(layout, Machine::kernelBootId), new LaneDirectory(layout.lanes()));
    }

    @Override
    public Appender appender() {
        var present = appender;
        if (present == null) {
            throw new IllegalStateException("the journal " + layout.root() + " was opened for reading only");
        }
        return present;
    }

    @Override
    public Reader reader() {
        return new MappedReader(chain);
    }

    @Override
    public Lanes lanes() {
        return lanes;
    }

    @Override
    public Optional<SourceIdentity> identity() {
        try {
            return JournalState.load(layout.state()).map(JournalState::identity);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + layout.state(), e);
        }
    }

    @Override
    public long bytes() throws IOException {
        if (appender != null) {
            return appender.bytes();
        }
        var state = JournalState.load(layout.state());
        var bytes = 0L;
        if (state.isPresent()) {
            for (var segment : layout.segmentsThrough(state.get().epoch())) {
                bytes += Survey.size(segment.path());
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        try {
            if (appender != null) {
                appender.close();
            }
        } finally {
            if (owner != null) {
                owner.close();
            }
        }
    }

    Layout layout() {
        return layout;
    }

    /** Lets go of everything as a death of the process would, without saying in {@code current} that all was forced. */
    void abandon() throws IOException {
        if (appender != null) {
            appender.abandon();
        }
        if (owner != null) {
            owner.close();
        }
    }
}
