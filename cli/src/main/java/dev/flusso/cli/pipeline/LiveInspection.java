package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.ExitCode;
import dev.flusso.cli.command.Finding;
import dev.flusso.cli.command.Finding.Severity;
import dev.flusso.cli.command.Inspection;
import dev.flusso.cli.command.Shell;
import dev.flusso.opensearch.ClusterReport;
import dev.flusso.opensearch.OpenSearchSink;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.inspect.DatabaseFinding;
import dev.flusso.postgres.inspect.DatabaseInspection;
import dev.flusso.postgres.inspect.DatabaseUnusableException;
import dev.flusso.postgres.inspect.InspectionRequest;
import dev.flusso.schema.Config;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.Environment;
import dev.flusso.worker.SinkException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the database and the sinks of a config. One that cannot be asked does not keep the others from being. */
public final class LiveInspection implements Inspection {

    private static final long DEFAULT_MAX_DOCUMENT_BYTES = 32L << 20;

    private final Shell shell;

    public LiveInspection(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Outcome inspect(Config config, Names names) {
        var environment = Environment.of(shell.environment());
        var findings = new ArrayList<Finding>();
        ExitCode unreachable = null;
        for (var sink : config.sinks()) {
            if (sink instanceof SinkConfig.OpenSearch cluster && !sink(cluster, config, environment, findings)) {
                unreachable = ExitCode.SINK_UNREACHABLE;
            }
        }
        if (!source(config, names, environment, findings)) {
            unreachable = ExitCode.SOURCE_UNUSABLE;
        }
        return new Outcome(findings, unreachable);
    }

    /** Whether it could be asked. */
    private static boolean source(Config config, Names names, Environment environment, List<Finding> findings) {
        var source = config.source();
        var manage = names.managePublication();
        var request = new InspectionRequest(
                source,
                kept(config),
                names.slot(),
                names.publication(),
                manage == null ? source.managePublication() : manage,
                maxDocumentBytes(config));
        var settings = PostgresAddress.of(environment.database(source), "flusso check");
        try {
            DatabaseInspection.of(settings, request).forEach(finding -> findings.add(of(finding)));
            return true;
        } catch (DatabaseUnusableException e) {
            findings.add(new Finding(Severity.ERROR, source.place(), String.valueOf(e.getMessage()), null));
            return false;
        }
    }

    private static Finding of(DatabaseFinding finding) {
        var severity = switch (finding.severity()) {
            case ERROR -> Severity.ERROR;
            case WARNING -> Severity.WARNING;
            case NOTE -> Severity.NOTE;
        };
        return new Finding(severity, finding.place(), finding.message(), emptyAsNull(finding.fix()));
    }

    private static @Nullable String emptyAsNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** Whether it could be asked. */
    private static boolean sink(
            SinkConfig.OpenSearch sink, Config config, Environment environment, List<Finding> findings) {
        var prefix = "sink '" + sink.name() + "': ";
        try (var opened = OpenSearchSink.open(sink, environment.cluster(sink), config.prefix())) {
            var report = opened.check(kept(config));
            for (var finding : report.findings()) {
                var severity = switch (finding.severity()) {
                    case ERROR -> Severity.ERROR;
                    case WARNING -> Severity.WARNING;
                };
                findings.add(new Finding(severity, sink.place(), prefix + finding.what(), finding.fix()));
            }
            findings.add(version(sink, report, prefix));
            return true;
        } catch (SinkException e) {
            findings.add(new Finding(Severity.ERROR, sink.place(), prefix + e.getMessage(), null));
            return false;
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(Severity.ERROR, sink.place(), prefix + e.getMessage(), null));
            return true;
        }
    }

    private static Finding version(SinkConfig.OpenSearch sink, ClusterReport report, String prefix) {
        var what = report.version().isEmpty()
                ? "answers, and does not say its version"
                : report.distribution() + " " + report.version() + " answers";
        return new Finding(Severity.NOTE, sink.place(), prefix + what, null);
    }

    private static List<IndexConfig> kept(Config config) {
        return config.indexes().stream().filter(IndexConfig::enabled).toList();
    }

    private static long maxDocumentBytes(Config config) {
        return config.sinks().stream()
                .filter(SinkConfig.OpenSearch.class::isInstance)
                .mapToLong(sink -> ((SinkConfig.OpenSearch) sink).maxDocumentBytes())
                .min()
                .orElse(DEFAULT_MAX_DOCUMENT_BYTES);
    }
}
