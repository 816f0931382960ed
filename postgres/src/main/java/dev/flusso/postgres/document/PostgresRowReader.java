package dev.flusso.postgres.document;

import dev.flusso.journal.Lsn;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.connect.ReadPool;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.worker.RowReader;
import dev.flusso.worker.Stamp;
import java.io.Closeable;

/** The database's rows as documents, over a bounded pool of sessions. Any thread; a call holds at most one session. */
public final class PostgresRowReader implements RowReader, Closeable {

    private final ReadPool pool;
    private final Sessions sessions;

    private PostgresRowReader(ReadPool pool, Sessions sessions) {
        this.pool = pool;
        this.sessions = sessions;
    }

    /** Makes the pool; connects when first asked something. */
    public static PostgresRowReader open(PostgresAddress connection, ReaderSettings settings) {
        var pool = ReadPool.open(
                connection, settings.connections(), settings.statementDeadline(), settings.borrowDeadline());
        return new PostgresRowReader(pool, new Sessions(pool, settings));
    }

    @Override
    public PostgresIndexReader open(String index, DocumentSchema schema, long maxDocumentBytes) {
        return PostgresIndexReader.open(sessions, index, schema, maxDocumentBytes);
    }

    @Override
    public Stamp stamp() {
        return sessions.call("the database's snapshot", connection -> {
            try (var query = connection.prepareStatement(Stamps.SQL);
                    var row = query.executeQuery()) {
                row.next();
                return Stamps.of(row.getString(1), row.getString(2));
            }
        });
    }

    /**
     * How far the source's log reaches now: every commit that was visible to an earlier answer ends at or before it.
     *
     * @throws dev.flusso.worker.SourceUnavailableException when the database cannot be asked now
     */
    public Lsn written() {
        return sessions.call("the end of the log", connection -> {
            try (var query = connection.prepareStatement("SELECT pg_current_wal_insert_lsn()::text");
                    var row = query.executeQuery()) {
                row.next();
                return Lsn.parse(row.getString(1));
            }
        });
    }

    /** Ends all sessions; calls under way fail. */
    @Override
    public void close() {
        pool.close();
    }
}
