package dev.flusso.bench.journal;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading what stands in the journal, again and again from its beginning: every checksum is checked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class TailBenchmark {

    private static final int ENTRIES = 500_000;

    @Param({"60", "200", "1000"})
    public int bytes;

    private Path directory;
    private ChronicleJournal journal;
    private Reader reader;

    @Setup
    public void write() throws IOException {
        directory = Scratch.make();
        journal = Entries.journal(directory.resolve("journal"));
        var entry = Entries.of(bytes);
        for (int i = 0; i < ENTRIES; i++) {
            journal.appender().append(entry);
        }
        reader = journal.reader();
    }

    @TearDown
    public void close() throws IOException {
        reader.close();
        journal.close();
        Scratch.delete(directory);
    }

    /** As a lane passes the changes of tables it does not need: it is seen of which table they are. */
    @Benchmark
    public int step() {
        if (!reader.advance()) {
            reader.seekAfter(Position.BEGINNING);
            reader.advance();
        }
        return reader.kind() == Entry.Kind.CHANGE ? reader.table().name().length() : 0;
    }

    /** As a lane takes what it needs. */
    @Benchmark
    public Recorded decode() {
        var next = reader.next();
        if (next == null) {
            reader.seekAfter(Position.BEGINNING);
            next = Objects.requireNonNull(reader.next());
        }
        return next;
    }
}
