package dev.flusso.bench.journal;

import dev.flusso.journal.Entry;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Appending, with the disk forced every 10 ms in the journal's own thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class AppendBenchmark {

    @Param({"60", "200", "1000"})
    public int bytes;

    private Path directory;
    private ChronicleJournal journal;
    private Entry entry;

    @Setup
    public void open() throws IOException {
        directory = Scratch.make();
        journal = Entries.journal(directory.resolve("journal"));
        entry = Entries.of(bytes);
    }

    /** Nobody reads: all but the newest segments go. */
    @Setup(Level.Iteration)
    public void prune() throws IOException {
        journal.appender().prune(List.of());
    }

    @TearDown
    public void close() throws IOException {
        journal.close();
        Scratch.delete(directory);
    }

    @Benchmark
    public void append() {
        journal.appender().append(entry);
    }
}
