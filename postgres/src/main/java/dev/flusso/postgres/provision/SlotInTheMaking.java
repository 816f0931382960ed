package dev.flusso.postgres.provision;

import dev.flusso.capture.CaptureException;
import dev.flusso.capture.SlotCreation;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.capture.SourceUnavailableException;
import dev.flusso.journal.Lsn;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A slot being made over a connection of its own, since the statement returns only when every transaction that was
 * writing is finished. Cancelled, or cut off, it leaves no slot.
 */
final class SlotInTheMaking implements SlotCreation {

    private final PostgresAddress address;
    private final Connection connection;
    private final String name;
    private volatile @Nullable Lsn made;
    private volatile @Nullable CaptureException failure;

    private SlotInTheMaking(PostgresAddress address, Connection connection, String name) {
        this.address = address;
        this.connection = connection;
        this.name = name;
    }

    /** @param waiting runs what can take hours, and does not make the caller wait for it */
    static SlotInTheMaking begin(PostgresAddress address, Connection connection, String name, Executor waiting) {
        var making = new SlotInTheMaking(address, connection, name);
        waiting.execute(making::create);
        return making;
    }

    private void create() {
        try (var statement = connection.prepareStatement(
                "SELECT lsn::text FROM pg_create_logical_replication_slot(?, 'pgoutput')")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                rows.next();
                made = Lsn.parse(rows.getString(1));
            }
        } catch (SQLException e) {
            failure = failure(e);
        } catch (RuntimeException e) {
            failure = new SourceUnavailableException("making slot '" + name + "' at " + address + " failed: " + e, e);
        }
    }

    private CaptureException failure(SQLException e) {
        var text = "slot '" + name + "' cannot be made at " + address + ": " + SqlFailure.oneLine(e);
        return switch (String.valueOf(e.getSQLState())) {
            case SqlFailure.INSUFFICIENT_PRIVILEGE ->
                new SourceNotUsableException(
                        text + "; run as a superuser: ALTER ROLE \""
                                + address.user().replace("\"", "\"\"") + "\" REPLICATION",
                        e);
            case "53400" ->
                new SourceNotUsableException(
                        text + "; raise max_replication_slots, or drop one that nobody needs:"
                                + " SELECT slot_name, active FROM pg_replication_slots",
                        e);
            case "55000" ->
                new SourceNotUsableException(
                        text + "; run as a superuser: ALTER SYSTEM SET wal_level = logical; and restart the server", e);
            default -> SqlFailure.of(e, "slot '" + name + "' cannot be made", address);
        };
    }

    @Override
    public Optional<Lsn> done() {
        var failed = failure;
        if (failed != null) {
            throw failed;
        }
        return Optional.ofNullable(made);
    }

    @Override
    public void close() {
        try {
            if (made == null && failure == null) {
                connection.abort(Runnable::run); // the server notices, see client_connection_check_interval
            }
            connection.close();
        } catch (SQLException e) {
            // gone either way
        }
    }
}
