package dev.flusso.postgres.provision;

import dev.flusso.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs DDL in short transactions that do not wait long for a lock: while ALTER TABLE queues, all later queries of the table queue
 * behind it. One thread.
 */
final class Script {

    private static final Logger LOG = LoggerFactory.getLogger(Script.class);

    private final Connection connection;

    Script(Connection connection) {
        this.connection = connection;
    }

    /**
     * Runs it and commits.
     *
     * @param sql one statement or several, all or nothing
     * @return why it failed, null when it did not; then another try may succeed
     */
    @Nullable
    String run(String sql) {
        try {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("SET LOCAL lock_timeout = '500ms'");
                statement.execute(sql);
                connection.commit();
                LOG.info("ran {}", sql);
                return null;
            } catch (SQLException e) {
                connection.rollback();
                if (SqlFailure.isOfClass(e, "08") || SqlFailure.isOfClass(e, "57")) {
                    throw e;
                }
                return SqlFailure.is(e, SqlFailure.LOCK_NOT_AVAILABLE)
                        ? "other statements hold a lock on it, it is tried again"
                        : SqlFailure.oneLine(e);
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new dev.flusso.capture.SourceUnavailableException(
                    "the connection broke at " + sql + ": " + SqlFailure.oneLine(e), e);
        }
    }
}
