package dev.flusso.cli.pipeline;

import dev.flusso.capture.CaptureOptions;
import dev.flusso.capture.CatalogMemory;
import dev.flusso.capture.SlotHeldElsewhereException;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.cli.command.CommandException;
import dev.flusso.cli.command.ExitCode;
import dev.flusso.cli.command.Pipeline;
import dev.flusso.cli.command.RunOptions;
import dev.flusso.cli.command.Shell;
import dev.flusso.cli.command.Termination;
import dev.flusso.cli.http.Address;
import dev.flusso.cli.http.PrivateSurface;
import dev.flusso.cli.http.PublicSurface;
import dev.flusso.cli.metric.Metrics;
import dev.flusso.journal.HeldElsewhereException;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalException;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.chronicle.ChronicleJournal;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.postgres.provision.PostgresSource;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.schema.connection.Environment;
import dev.flusso.worker.lane.Lane;
import dev.flusso.worker.lane.LaneMonitor;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The halves from a definition to a running whole, and back to nothing in the reverse order. */
public final class LivePipeline implements Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(LivePipeline.class);

    /** Beside the journal's segments: what capture knew of the tables. */
    private static final String CATALOG = "capture.catalog";

    private final Shell shell;
    private final String program;

    /** @param program the version of this program */
    public LivePipeline(Shell shell, String program) {
        this.shell = shell;
        this.program = program;
    }

    @Override
    public ExitCode run(RunOptions options, Termination termination) {
        try {
            var definition = Definitions.load(options, shell, program);
            var watch = new Watch(termination);
            var parts = new Parts();
            var started = System.nanoTime();
            @Nullable Throwable failure;
            try (parts) {
                start(definition, options, parts, watch);
                failure = watch.await();
                LOG.info("stopping reason={}", failure == null ? "asked to" : failure.getMessage());
            }
            LOG.info(
                    "stopped command={} uptime_seconds={}",
                    options.half().command(),
                    Duration.ofNanos(System.nanoTime() - started).toSeconds());
            if (failure != null) {
                throw told(failure);
            }
            return ExitCode.DONE;
        } catch (IOException | RuntimeException e) {
            throw told(e);
        }
    }

    private void start(Definition definition, RunOptions options, Parts parts, Watch watch) throws IOException {
        var environment = Environment.of(shell.environment());
        var database = environment.database(definition.config().source());
        announce(definition, options, environment, database);
        var half = options.half();
        Journal journal = parts.add(
                half.captures()
                        ? ChronicleJournal.open(
                                definition.journal(), definition.journalOptions(), InstantSource.system())
                        : ChronicleJournal.openReadOnly(definition.journal()));
        var metrics = parts.add(new Metrics());
        var counts = new LaneCounts(metrics, half.works() ? lanes(definition, options) : List.of());
        var capture = half.captures() ? capture(definition, options, database, journal, metrics, parts, watch) : null;
        var work =
                half.works() ? work(definition, options, environment, database, journal, counts, parts, watch) : null;
        var observer = new Observer(
                definition,
                options.slot(),
                options.publication(),
                metrics,
                counts,
                InstantSource.system(),
                parts.add(new JournalWatch(journal, definition.journal())),
                parts.add(new SourceProbe(work == null ? () -> {} : work::askSource)),
                capture,
                work);
        parts.add(Looking.start(observer::look));
        surfaces(definition, options, observer, metrics, parts);
        parts.add(observer::stopping);
        if (work != null) {
            parts.add(ProgressLines.start(shell, work.lanes()));
        }
    }

    /** What runs, from where, and what was taken from the environment; never a secret. */
    private void announce(Definition definition, RunOptions options, Environment environment, DatabaseUrl database) {
        LOG.info(
                "starting command={} version={} definition={} source={} slot={} publication={} journal={} sinks={} indexes={}",
                options.half().command(),
                program,
                definition.origin(),
                database,
                options.slot(),
                options.publication(),
                definition.journal(),
                definition.config().sinks().stream().map(SinkConfig::name).toList(),
                definition.indexes().stream().map(IndexConfig::name).toList());
        Origins.of(options, shell, environment.origins(definition.config()))
                .forEach((setting, from) -> LOG.info("resolved setting={} from={}", setting, from));
        environment.overridden(definition.config()).forEach(note -> LOG.info("overridden {}", note));
        database.ignored().forEach(name -> LOG.warn("url parameter ignored name={}", name));
    }

    private static void surfaces(
            Definition definition, RunOptions options, Observer observer, Metrics metrics, Parts parts) {
        var server = definition.config().server();
        PublicSurface.Scrape scrape =
                accept -> new PublicSurface.Scraped(Metrics.contentType(accept), metrics.scrape(accept));
        if (!options.half().works()) {
            var address = address(options.captureAddress(), server.captureAddress());
            parts.add(PublicSurface.open(address, "--capture-address", observer, scrape));
            return;
        }
        var open = address(options.publicAddress(), server.publicAddress());
        parts.add(PublicSurface.open(open, "--public-address", observer, scrape));
        var guarded = address(options.privateAddress(), server.privateAddress());
        parts.add(PrivateSurface.open(guarded, options.credentials(), observer));
    }

    private static Address address(@Nullable Address given, String configured) {
        return given == null ? Address.parse(configured) : given;
    }

    private static CaptureHalf capture(
            Definition definition,
            RunOptions options,
            DatabaseUrl database,
            Journal journal,
            Metrics metrics,
            Parts parts,
            Watch watch) {
        var source = definition.config().source();
        var policy = new ProvisionPolicy(
                options.slot(),
                options.publication(),
                source.managePublication(),
                source.replicaIdentity(),
                source.publish());
        var postgres = new PostgresSource(
                PostgresAddress.of(database, "flusso capture"),
                policy,
                StreamThreads.threads(),
                StreamThreads.waiting(),
                System::nanoTime);
        return parts.add(CaptureHalf.start(
                postgres,
                journal,
                CatalogMemory.inFile(definition.journal().resolve(CATALOG)),
                new CaptureOptions(
                        source.onGap() == SourceConfig.OnGap.HEAL,
                        source.heartbeatInterval(),
                        options.lagPoll(),
                        CaptureOptions.DEFAULT.watchInterval()),
                CaptureHalf.needs(definition, journal),
                metrics.capture(),
                watch));
    }

    private WorkHalf work(
            Definition definition,
            RunOptions options,
            Environment environment,
            DatabaseUrl database,
            Journal journal,
            LaneMonitor monitor,
            Parts parts,
            Watch watch)
            throws IOException {
        var indexes = definition.indexes(options);
        var config = definition.config();
        var sinks = Sinks.open(definition.sinks(options), config, environment);
        parts.add(() -> Sinks.close(sinks));
        var rows = parts.add(PostgresRowReader.open(
                PostgresAddress.of(database, "flusso work"),
                ReaderSettings.of(config.worker().connections(), config.worker().seedConnections())));
        var from = options.from();
        if (from != null) {
            Rewind.to(from, journal, lanes(definition, options));
        }
        return parts.add(WorkHalf.start(
                definition, program, options.skipBackfill(), indexes, sinks, journal, rows, monitor, watch));
    }

    private static List<LaneName> lanes(Definition definition, RunOptions options) {
        return definition.sinks(options).stream()
                .flatMap(sink ->
                        definition.indexes(options).stream().map(index -> new LaneName(sink.name(), index.name())))
                .toList();
    }

    /** What ended the program, as the user is told it. */
    private static RuntimeException told(Throwable failure) {
        var message = String.valueOf(failure.getMessage());
        if (failure instanceof CommandException known) {
            return known;
        }
        if (failure instanceof ConfigException invalid) {
            return new CommandException(
                    ExitCode.INVALID,
                    invalid.problems().stream().map(Object::toString).toList());
        }
        if (failure instanceof SourceNotUsableException) {
            return new CommandException(ExitCode.SOURCE_UNUSABLE, message, failure);
        }
        if (failure instanceof dev.flusso.capture.GapForbiddenException
                || failure instanceof Lane.GapForbiddenException) {
            return new CommandException(ExitCode.GAP, message, failure);
        }
        if (failure instanceof HeldElsewhereException || failure instanceof SlotHeldElsewhereException) {
            return new CommandException(ExitCode.HELD, message, failure);
        }
        if (failure instanceof JournalException) {
            return new CommandException(ExitCode.FAILED, message, failure);
        }
        if (failure instanceof RuntimeException unexpected) {
            return unexpected;
        }
        return new CommandException(ExitCode.FAILED, String.valueOf(failure), failure);
    }

    /** What was started, closed in the reverse order. */
    private static final class Parts implements AutoCloseable {

        private final Deque<AutoCloseable> parts = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            parts.push(part);
            return part;
        }

        @Override
        public void close() throws IOException {
            @Nullable Exception first = null;
            while (!parts.isEmpty()) {
                try {
                    parts.pop().close();
                } catch (Exception e) { // every part is closed, whatever happens to another
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            if (first != null) {
                throw new IOException("not everything could be closed cleanly: " + first.getMessage(), first);
            }
        }
    }
}
