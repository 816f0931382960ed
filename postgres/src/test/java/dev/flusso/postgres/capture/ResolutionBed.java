package dev.flusso.postgres.capture;

import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.parse.ConfigFiles;
import dev.flusso.worker.lane.Clock;
import dev.flusso.worker.lane.Commons;
import dev.flusso.worker.lane.DocumentRoom;
import dev.flusso.worker.lane.Lane;
import dev.flusso.worker.lane.LaneMonitor;
import dev.flusso.worker.lane.LaneOptions;
import dev.flusso.worker.lane.LaneStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Real rows, their real stream, and a real lane for each of several indexes, whose writes are recorded; all stepped by the test's thread.
 * Tables, rows, schemas and the queries that say which row is part of which document lie in {@code resolution/}.
 */
final class ResolutionBed implements AutoCloseable {

    static final List<String> INDEXES = List.of("customers", "products", "categories", "lines", "countries");
    static final List<String> TABLES = List.of(
            "country",
            "customer",
            "profile",
            "orders",
            "line",
            "category",
            "product",
            "tag",
            "product_tag",
            "club",
            "membership");

    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

    private final CaptureBed bed;
    private final PostgresRowReader rows;
    private final RecordingSink sink = new RecordingSink();
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private long nanos;

    /** @param more statements that make the tables ready, after the rows are there */
    ResolutionBed(String database, SourceConfig.ReplicaIdentity policy, String... more) {
        bed = new CaptureBed(SharedServers.postgres(), database);
        bed.run(resource("tables.sql") + resource("rows.sql"));
        for (var statement : more) {
            bed.run(statement);
        }
        bed.run("ANALYZE; CREATE SCHEMA saved");
        TABLES.forEach(table -> bed.run("CREATE TABLE saved." + table + " AS TABLE " + table));
        bed.policy = new ProvisionPolicy(database, "flusso", true, policy, SourceConfig.Publish.ROWS);
        bed.restart();
        rows = PostgresRowReader.open(bed.address(), ReaderSettings.of(2, 1));
        for (var name : INDEXES) {
            var schema = ConfigFiles.loadSchema(path(name + ".schema.yml"));
            var tables = new TreeMap<TableName, TableNeed>();
            schema.needs()
                    .forEach((table, columns) -> tables.put(
                            TableName.of(table.schema(), table.name()),
                            new TableNeed(columns.key(), columns.references())));
            var needs = new Needs(tables);
            bed.needs = bed.needs.plus(needs);
            lanes.put(name, lane(new IndexConfig(name, true, OnError.STOP, schema, Place.in(name)), needs));
        }
        bed.live();
        settle();
        INDEXES.forEach(sink::take);
    }

    private Lane lane(IndexConfig index, Needs needs) {
        var options = new LaneOptions(50, Duration.ofMillis(20), 1, false, SourceConfig.OnGap.STOP, false);
        var form = new Lane.CompiledForm() {
            @Override
            public String text(IndexConfig any) {
                return any.name();
            }

            @Override
            public IndexConfig parse(String text) {
                return index;
            }
        };
        try {
            return Lane.open(
                    index,
                    needs,
                    form,
                    bed.journal,
                    rows,
                    sink,
                    options,
                    new Commons(
                            Runnable::run,
                            Runnable::run,
                            DocumentRoom.of(64 << 20, System::nanoTime),
                            new Clock(InstantSource.system(), () -> nanos),
                            LaneMonitor.NONE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String name) {
        return Path.of("src/test/resources/resolution", name);
    }

    private static String resource(String name) {
        try {
            return Files.readString(path(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run(String statement) {
        bed.run(statement);
    }

    /** Turns until each lane has settled everything written so far. */
    void settle() {
        bed.run("SELECT pg_logical_emit_message(true, 'marker', 'all before this')");
        var end = Lsn.parse(bed.one("SELECT pg_current_wal_insert_lsn()"));
        bed.until(
                "the stream to reach " + end,
                () -> bed.capture.status().received().compareTo(end) >= 0);
        var newest = bed.journal.appender().newest();
        bed.until("the lanes to settle all up to " + newest + " " + statuses(), () -> {
            var settled = true;
            for (var lane : lanes.values()) {
                nanos += STEP_NANOS;
                lane.step();
                var status = lane.status();
                settled &= status.state() == LaneStatus.State.LIVE
                        && status.seeding() == null
                        && !status.position().isBefore(newest);
            }
            return settled;
        });
    }

    private String statuses() {
        return lanes.values().stream().map(Lane::status).toList().toString();
    }

    /** The ids written to an index since the last call, in their order. */
    List<String> written(String index) {
        return sink.take(index);
    }

    /** For an index, which row is part of which documents: texts of row and id. */
    Set<List<String>> parts(String index) {
        return pairs(resource(index + ".reach.sql"));
    }

    /** The ids of all documents an index must hold. */
    Set<String> documents(String index) {
        var ids = new TreeSet<String>();
        pairs(resource(index + ".documents.sql")).forEach(row -> ids.add(row.get(0)));
        return ids;
    }

    private Set<List<String>> pairs(String query) {
        var found = new java.util.HashSet<List<String>>();
        try (var statement = bed.sql.createStatement();
                var result = statement.executeQuery(query)) {
            while (result.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    var value = result.getString(i);
                    if (value != null) {
                        row.add(value);
                    }
                }
                if (row.size() == result.getMetaData().getColumnCount()) {
                    found.add(row);
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
        return found;
    }

    /** Brings all rows back to what they were in the beginning. */
    void restore() {
        var sql = new StringBuilder("SET session_replication_role = replica;");
        for (var table : TABLES) {
            sql.append("DELETE FROM %1$s x WHERE NOT EXISTS (SELECT FROM saved.%1$s s WHERE s IS NOT DISTINCT FROM x);"
                    .formatted(table));
        }
        for (var table : TABLES) {
            sql.append(("INSERT INTO %1$s SELECT s.* FROM saved.%1$s s WHERE NOT EXISTS (SELECT FROM %1$s x"
                            + " WHERE x IS NOT DISTINCT FROM s);")
                    .formatted(table));
        }
        bed.run(sql + "SET session_replication_role = origin");
        settle();
        INDEXES.forEach(sink::take);
    }

    @Override
    public void close() throws SQLException, IOException {
        for (var lane : lanes.values()) {
            lane.close();
        }
        rows.close();
        bed.close();
    }
}
