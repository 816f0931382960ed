package dev.flusso.cli.pipeline;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection that changes rows at random, with savepoints and rollbacks, until it is closed. What the server refuses (a key that is
 * taken, a row that is referred to, a deadlock) is rolled back like everything else, and no failure.
 */
final class RandomWriter implements AutoCloseable {

    /** How the server refuses changes of a table whose replica identity does not go with its publication. */
    private static final Set<String> OURS = Set.of("55000", "42P10");

    private final FirstDay day;
    private final RandomChange change;
    private final SplittableRandom random;
    private final AtomicLong transactions;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::write, "random-writer");
    private volatile boolean stopping;

    /**
     * @param rough as of {@link RandomChange}
     * @param transactions counts those that were committed
     */
    RandomWriter(FirstDay day, SplittableRandom random, boolean rough, AtomicLong transactions) {
        this.day = day;
        this.random = random;
        this.change = new RandomChange(random, rough);
        this.transactions = transactions;
    }

    void start() {
        thread.start();
    }

    private void write() {
        try (var connection = day.connect()) {
            FirstDay.sql(connection, "SET lock_timeout = '3s'");
            connection.setAutoCommit(false);
            while (!stopping) {
                if (transaction(connection)) {
                    transactions.incrementAndGet();
                }
            }
        } catch (SQLException | RuntimeException e) {
            failure.set(e);
        }
    }

    /** Whether it was committed. */
    private boolean transaction(Connection connection) throws SQLException {
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 3);
        for (int i = 0; i < count; i++) {
            var safe = random.nextInt(3) == 0 ? connection.setSavepoint() : null;
            var sql = change.next();
            try {
                FirstDay.sql(connection, sql);
            } catch (SQLException e) {
                if (OURS.contains(String.valueOf(e.getSQLState()))) {
                    throw new IllegalStateException("the publication made a statement fail: " + sql, e);
                }
                if (!undone(connection, safe)) {
                    return false;
                }
                continue;
            }
            if (safe != null && random.nextInt(3) == 0) {
                connection.rollback(safe);
            }
        }
        if (random.nextInt(6) == 0) {
            connection.rollback();
            return false;
        }
        connection.commit();
        return true;
    }

    /** Undoes what failed; whether the transaction goes on. */
    private static boolean undone(Connection connection, @Nullable Savepoint safe) throws SQLException {
        if (safe == null) {
            connection.rollback();
            return false;
        }
        connection.rollback(safe);
        return true;
    }

    /** Fails when the writer did. */
    void rethrow() {
        var why = failure.get();
        if (why != null) {
            throw new AssertionError("a writer failed: " + why.getMessage(), why);
        }
    }

    /** Returns when nothing more is written. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
