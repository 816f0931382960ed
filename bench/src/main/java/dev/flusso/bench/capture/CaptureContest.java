package dev.flusso.bench.capture;

import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import dev.flusso.bench.UsersData;
import dev.flusso.capture.CaptureOptions;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.WorkFolder;
import dev.flusso.journal.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decoded, journalled and acknowledged changes beside a reader that reads the same changes by the same publication from a slot of its own
 * and drops them. Changes are updates of rows of about 100 bytes, once in transactions of ten rows, once all in one.
 */
public final class CaptureContest implements Contest {

    private static final String DATABASE = "capture";
    private static final String LIMIT = "a reader of the same publication that drops what it reads";

    private @Nullable PostgresServer server;
    private @Nullable Connection connection;
    private @Nullable CaptureRunner capture;
    private @Nullable DroppingReader dropping;
    private int changes;
    private int rounds;

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public void prepare(Settings settings) throws SQLException, IOException {
        changes = settings.scaled(300_000, 10_000);
        var started = UsersData.server();
        server = started;
        UsersData.fill(started, DATABASE, changes / UsersData.ORDERS_PER_USER);
        connection = started.connect(DATABASE);
        var folder = WorkFolder.fresh("bench-journal");
        Files.createDirectories(folder);
        var runner = CaptureRunner.of(started, DATABASE, UsersData.schema(settings), folder, CaptureOptions.DEFAULT);
        capture = runner;
        runner.untilStreaming();
        dropping = DroppingReader.of(started, DATABASE, CaptureRunner.PUBLICATION);
        for (int i = 0; i < 2; i++) {
            turn(true);
        }
    }

    @Override
    public List<Reading> round() throws SQLException, IOException {
        var small = turn(true);
        var large = turn(false);
        return List.of(
                Reading.beside(
                        "changes captured, ten to a transaction",
                        "changes/s",
                        LIMIT,
                        small.limit,
                        small.ours,
                        Goal.ratioAtLeast(1)),
                Reading.beside(
                        "changes captured, all in one transaction",
                        "changes/s",
                        LIMIT,
                        large.limit,
                        large.ours,
                        Goal.ratioAtLeast(1)));
    }

    private record Turn(double limit, double ours) {}

    /** Changes every order while nobody reads, then lets both read, the one that went first last time going last. */
    private Turn turn(boolean small) throws SQLException, IOException {
        var reader = dropping;
        var runner = capture;
        if (reader == null || runner == null) {
            throw new IllegalStateException("not prepared");
        }
        var end = change(small);
        double limit;
        double ours;
        if (rounds++ % 2 == 0) {
            limit = changes / reader.readUntil(end);
            ours = changes / runner.runUntil(end);
        } else {
            ours = changes / runner.runUntil(end);
            limit = changes / reader.readUntil(end);
        }
        return new Turn(limit, ours);
    }

    /** Returns the end of the log after the changes. */
    private Lsn change(boolean small) throws SQLException {
        var session = connection;
        if (session == null) {
            throw new IllegalStateException("not prepared");
        }
        try (var statement = session.createStatement()) {
            if (small) {
                statement.execute("SET synchronous_commit = off");
                statement.execute("""
                        DO $$ BEGIN
                          FOR i IN 0..%d LOOP
                            UPDATE orders SET total = total + 1 WHERE id > i * 10 AND id <= (i + 1) * 10;
                            COMMIT;
                          END LOOP;
                        END $$""".formatted(changes / 10 - 1));
            } else {
                statement.execute("UPDATE orders SET total = total + 1");
            }
            statement.execute("SET synchronous_commit = on");
            statement.execute("VACUUM orders");
            statement.execute("CHECKPOINT");
            try (var query = session.createStatement();
                    var row = query.executeQuery("SELECT pg_current_wal_flush_lsn()::text")) {
                row.next();
                var end = Lsn.parse(row.getString(1));
                statement.execute("SELECT pg_logical_emit_message(false, 'bench', 'end')");
                return end;
            }
        }
    }

    @Override
    public void close() {
        try {
            if (capture != null) {
                capture.close();
            }
            if (connection != null) {
                connection.close();
            }
        } catch (IOException | SQLException e) {
            // folder and server go next
        }
        if (server != null) {
            server.close();
        }
    }
}
