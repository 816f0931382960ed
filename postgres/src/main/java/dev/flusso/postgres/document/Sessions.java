package dev.flusso.postgres.document;

import dev.flusso.postgres.connect.ReadPool;
import dev.flusso.worker.SourceUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lends sessions for single calls, and sees to it that scans leave some for the rest. */
final class Sessions {

    private final ReadPool pool;
    private final Semaphore scans;
    private final ReaderSettings settings;

    Sessions(ReadPool pool, ReaderSettings settings) {
        this.pool = pool;
        this.settings = settings;
        this.scans = new Semaphore(settings.scans(), true);
    }

    /** What is done with a session, in autocommit mode at first; it may be left in any. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Does it, and takes every error for the database being away. */
    <T> T call(String what, Work<T> work) {
        try {
            return attempt(work);
        } catch (SQLException e) {
            throw unavailable(what, e);
        }
    }

    <T> T attempt(Work<T> work) throws SQLException {
        try (var connection = pool.borrow()) {
            return work.with(connection);
        }
    }

    /** Waits for the turn of a scan before it borrows. */
    <T> T attemptScan(Work<T> work) throws SQLException {
        awaitTurn();
        try {
            return attempt(connection -> {
                connection.setAutoCommit(false);
                connection.setNetworkTimeout(Runnable::run, (int)
                        settings.seedDeadline().plusSeconds(5).toMillis());
                try (var statement = connection.createStatement()) {
                    statement.execute("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = "
                            + settings.seedDeadline().toMillis());
                }
                return work.with(connection);
            });
        } finally {
            scans.release();
        }
    }

    private void awaitTurn() {
        try {
            Duration patience = settings.borrowDeadline();
            if (!scans.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SourceUnavailableException(
                        "all " + settings.scans() + " seeding connections to " + pool.address() + " were busy for "
                                + patience.toSeconds() + " s; raise 'worker.seed_connections' or wait",
                        new TimeoutException("no turn to scan"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceUnavailableException("interrupted while waiting to seed from " + pool.address(), e);
        }
    }

    SourceUnavailableException unavailable(String what, SQLException e) {
        var cause = e.getSQLState() == null && e.getCause() instanceof SQLException inner ? inner : e;
        return new SourceUnavailableException(
                what + " could not be read from " + pool.address() + ": " + SourceTrouble.reason(cause), e);
    }
}
