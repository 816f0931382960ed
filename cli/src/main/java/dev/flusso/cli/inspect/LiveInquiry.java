package dev.flusso.cli.inspect;

import dev.flusso.cli.command.CommandException;
import dev.flusso.cli.command.ExitCode;
import dev.flusso.cli.command.Explanation;
import dev.flusso.cli.command.Inquiry;
import dev.flusso.cli.command.RunOptions;
import dev.flusso.cli.command.Shell;
import dev.flusso.cli.pipeline.Definition;
import dev.flusso.cli.pipeline.Definitions;
import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.chronicle.ChronicleJournal;
import dev.flusso.opensearch.OpenSearchSink;
import dev.flusso.opensearch.StoredDocuments;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.postgres.expectation.ExpectedDocuments;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.Environment;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SourceUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Asks the real servers. */
public final class LiveInquiry implements Inquiry {

    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private final Shell shell;
    private final String program;

    /** @param program the version of this program */
    public LiveInquiry(Shell shell, String program) {
        this.shell = shell;
        this.program = program;
    }

    @Override
    public List<Verified> verify(RunOptions options, Scope scope) {
        return told(() -> {
            var definition = Definitions.load(options, shell, program);
            var clusters = definition.sinks(options).stream()
                    .filter(SinkConfig.OpenSearch.class::isInstance)
                    .map(SinkConfig.OpenSearch.class::cast)
                    .toList();
            if (clusters.isEmpty()) {
                throw new CommandException(
                        ExitCode.INVALID,
                        "none of the sinks keeps documents that could be compared; verify needs one of type opensearch");
            }
            if (!Files.isDirectory(definition.journal())) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "there is no journal at '" + definition.journal() + "', which tells how far each lane is;"
                                + " run verify where the worker runs, or name it with --journal");
            }
            try (var rows = reader(definition);
                    var expected = ExpectedDocuments.open(address(definition));
                    var journal = ChronicleJournal.openReadOnly(definition.journal())) {
                var verified = new ArrayList<Verified>();
                for (var cluster : clusters) {
                    verified.addAll(
                            verify(definition, cluster, definition.indexes(options), rows, expected, journal, scope));
                }
                return verified;
            }
        });
    }

    private List<Verified> verify(
            Definition definition,
            SinkConfig.OpenSearch cluster,
            List<IndexConfig> indexes,
            PostgresRowReader rows,
            ExpectedDocuments expected,
            Journal journal,
            Scope scope)
            throws IOException {
        var access = Environment.of(shell.environment()).cluster(cluster);
        try (var sink = OpenSearchSink.open(cluster, access, definition.config().prefix())) {
            var verified = new ArrayList<Verified>();
            for (var index : indexes) {
                var stored = sink.stored(index);
                var lane = new LaneName(cluster.name(), index.name());
                var served = served(stored, lane);
                var place = new JournalPlace(journal, lane, generation(served));
                if (!place.isKnown()) {
                    throw new CommandException(
                            ExitCode.FAILED,
                            "the journal '" + definition.journal() + "' knows nothing of '" + served + "', which lane "
                                    + lane + " serves; name the worker's journal with --journal");
                }
                rows.open(index.name(), index.schema(), sink.maxDocumentBytes()); // says where the tables do not fit
                verified.add(new Verification(
                                lane.toString(),
                                new Expectation(expected, index.schema()),
                                sink.maxDocumentBytes(),
                                stored,
                                served,
                                rows::written,
                                place,
                                progress(lane))
                        .run(scope));
            }
            return verified;
        }
    }

    private static String served(StoredDocuments stored, LaneName lane) {
        return stored.served()
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        "lane " + lane + " serves nothing yet, so there is nothing to compare; see 'flusso status'"));
    }

    /** The number at a generation's end. */
    private static int generation(String index) {
        try {
            return Integer.parseInt(index.substring(index.lastIndexOf('_') + 1));
        } catch (NumberFormatException e) {
            throw new CommandException(
                    ExitCode.FAILED, "the alias leads to '" + index + "', which is no generation of flusso's", e);
        }
    }

    @Override
    public Explanation explain(RunOptions options, @Nullable String key) {
        return told(() -> {
            var definition = Definitions.load(options, shell, program);
            var index = definition.indexes(options).get(0);
            var asked = key == null ? null : key(index, key);
            try (var rows = reader(definition)) {
                var reader = rows.open(index.name(), index.schema(), Integer.MAX_VALUE);
                return new Explaining(index, reader).explanation(asked);
            }
        });
    }

    private static Key key(IndexConfig index, String id) {
        var columns = index.schema().primaryKey();
        return DocumentId.key(id, columns.size())
                .orElseThrow(() -> new CommandException(
                        ExitCode.INVALID,
                        "--key '" + id + "' is no key of index '" + index.name() + "', expected "
                                + String.join(":", columns)));
    }

    /** A line on stderr now and then. */
    private LongConsumer progress(LaneName lane) {
        var next = new AtomicLong(System.nanoTime() + PROGRESS_NANOS);
        return compared -> {
            if (System.nanoTime() - next.get() > 0) {
                next.set(System.nanoTime() + PROGRESS_NANOS);
                shell.err().println(lane + ": " + compared + " documents compared so far");
            }
        };
    }

    private PostgresRowReader reader(Definition definition) {
        return PostgresRowReader.open(address(definition), ReaderSettings.of(2, 1));
    }

    private PostgresAddress address(Definition definition) {
        return PostgresAddress.of(
                Environment.of(shell.environment()).database(definition.config().source()), "flusso");
    }

    /** What may fail. */
    private interface Asking<T> {
        T ask() throws IOException;
    }

    private static <T> T told(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (SourceUnavailableException | DriftException e) {
            throw new CommandException(ExitCode.SOURCE_UNUSABLE, String.valueOf(e.getMessage()), e);
        } catch (SinkException e) {
            throw new CommandException(ExitCode.SINK_UNREACHABLE, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }
}
