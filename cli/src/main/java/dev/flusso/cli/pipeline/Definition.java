package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.CommandException;
import dev.flusso.cli.command.ExitCode;
import dev.flusso.cli.command.RunOptions;
import dev.flusso.cli.command.Shell;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import dev.flusso.schema.Config;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.SourceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * What is to run: the config as the files say it, with what the command line puts over it.
 *
 * @param config with the overrides in place
 * @param journal where the journal lies
 * @param origin the file it came from, for messages
 */
public record Definition(Config config, Path journal, Path origin) {

    /** A config from {@code origin} with the command line's overrides. */
    static Definition of(Config config, Path origin, RunOptions options, Shell shell) {
        var source = config.source();
        var manage = options.managePublication();
        if (manage != null) {
            source = new SourceConfig(
                    source.connection(),
                    manage,
                    source.replicaIdentity(),
                    source.publish(),
                    source.onGap(),
                    source.heartbeatInterval(),
                    source.place());
        }
        var prefix = options.indexPrefix();
        var sinks = config.sinks().stream().map(sink -> pretty(sink, options)).toList();
        var overridden = new Config(
                config.onError(),
                prefix == null ? config.prefix() : prefix,
                source,
                sinks,
                config.indexes(),
                config.server(),
                config.journal(),
                config.worker());
        var given = options.journal();
        var journal = given == null ? origin.resolveSibling(config.journal().path()) : shell.resolve(given);
        return new Definition(overridden, journal.toAbsolutePath().normalize(), origin);
    }

    private static SinkConfig pretty(SinkConfig sink, RunOptions options) {
        return sink instanceof SinkConfig.Stdout stdout && options.pretty()
                ? new SinkConfig.Stdout(stdout.name(), true, stdout.place())
                : sink;
    }

    /** The indexes that are kept, in the order written. */
    List<IndexConfig> indexes() {
        return config.indexes().stream().filter(IndexConfig::enabled).toList();
    }

    /** Those the command line asks for, or all that are kept. */
    public List<IndexConfig> indexes(RunOptions options) {
        var names = indexes().stream().map(IndexConfig::name).toList();
        for (var name : options.indexes()) {
            if (!names.contains(name)) {
                throw new CommandException(
                        ExitCode.INVALID, "--index '" + name + "' is not in " + origin + ", expected one of " + names);
            }
        }
        return indexes().stream()
                .filter(index ->
                        options.indexes().isEmpty() || options.indexes().contains(index.name()))
                .toList();
    }

    /** Those the command line asks for, or all. */
    public List<SinkConfig> sinks(RunOptions options) {
        var names = config.sinks().stream().map(SinkConfig::name).toList();
        for (var name : options.sinks()) {
            if (!names.contains(name)) {
                throw new CommandException(
                        ExitCode.INVALID, "--sink '" + name + "' is not in " + origin + ", expected one of " + names);
            }
        }
        return config.sinks().stream()
                .filter(sink -> options.sinks().isEmpty() || options.sinks().contains(sink.name()))
                .toList();
    }

    SinkConfig sink(String name) {
        return config.sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What the stream must carry for all of them. */
    Needs needs() {
        return indexes().stream().map(index -> needs(index.schema())).reduce(Needs.NONE, Needs::plus);
    }

    /** What the stream must carry for one. */
    static Needs needs(DocumentSchema schema) {
        var tables = new TreeMap<TableName, TableNeed>();
        schema.needs()
                .forEach((table, columns) -> tables.put(
                        TableName.of(table.schema(), table.name()),
                        new TableNeed(columns.key(), columns.references())));
        return new Needs(tables);
    }

    JournalOptions journalOptions() {
        var journal = config.journal();
        return new JournalOptions(
                journal.retention(),
                journal.maxBytes(),
                journal.minFreeBytes(),
                journal.segmentBytes(),
                journal.syncInterval());
    }
}
