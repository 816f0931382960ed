package dev.flusso.bench.lane;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Makes changes, and knows how many of them are not settled yet. One thread, but for what {@link #steadily} starts. */
final class Writer implements AutoCloseable {

    private static final int ROWS = 50;
    private static final long LEVEL = 5_000;

    private final Random random = new Random(4_711);
    private final Connection connection;
    private final Deployment deployment;
    private final int users;
    private final long committedBefore;
    private long made;

    /** @param connection its own, closed with it */
    Writer(Connection connection, Deployment deployment, int users) throws IOException {
        this.connection = connection;
        this.deployment = deployment;
        this.users = users;
        this.committedBefore = deployment.committed();
    }

    /** Which rows are changed; each statement changes {@link #ROWS} of them at random. */
    enum Kind {
        ROOT("rows of the root", "UPDATE users SET score = score + 1 WHERE id = ANY(?)", 1),
        CHILD("rows of a child", "UPDATE orders SET total = total + 1 WHERE id = ANY(?)", 5),
        JUNCTION(
                "rows of a junction",
                "UPDATE user_tags SET tag_id = 1501 - tag_id WHERE user_id = ANY(?) AND tag_id > 500",
                1);

        private final String text;
        private final String sql;
        private final int rowsPerUser;

        Kind(String text, String sql, int rowsPerUser) {
            this.text = text;
            this.sql = sql;
            this.rowsPerUser = rowsPerUser;
        }

        String text() {
            return text;
        }
    }

    /** Changes as fast as they are settled, never more than a few thousand ahead; returns how many a second were settled. */
    double sustain(Kind kind, Duration time) throws SQLException, IOException {
        drain();
        long before = settled();
        long start = System.nanoTime();
        long end = start + time.toNanos();
        while (System.nanoTime() < end) {
            if (made - settled() < LEVEL) {
                change(kind, (int) LEVEL / 10);
            } else {
                LockSupport.parkNanos(10_000_000);
            }
        }
        double rate = (settled() - before) * 1e9 / (System.nanoTime() - start);
        drain();
        return rate;
    }

    /** At least that many changes, in transactions of {@link #ROWS}. */
    void change(Kind kind, int count) throws SQLException {
        try (var statement = connection.prepareStatement(kind.sql)) {
            for (int done = 0; done < count; ) {
                var ids = random.longs(1, (long) users * kind.rowsPerUser + 1)
                        .limit(ROWS)
                        .distinct()
                        .boxed()
                        .toArray(Long[]::new);
                statement.setArray(1, connection.createArrayOf("bigint", ids));
                int changed = statement.executeUpdate();
                made += changed;
                done += Math.max(1, changed);
            }
        }
    }

    private long settled() throws IOException {
        return deployment.committed() - committedBefore;
    }

    /** Waits until everything made here is settled. */
    void drain() {
        deployment.until("the backlog to be gone", () -> settled() >= made);
    }

    /** Changes rows of the root at that rate, on a thread of its own, until what it returns is run. */
    Runnable steadily(double perSecond) {
        var stopping = new AtomicBoolean();
        var thread = new Thread(
                () -> {
                    long next = System.nanoTime();
                    try {
                        while (!stopping.get()) {
                            change(Kind.ROOT, ROWS);
                            next += (long) (ROWS * 1e9 / perSecond);
                            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
                        }
                    } catch (SQLException e) {
                        System.err.println("the steady writer failed: " + e);
                    }
                },
                "steady-writer");
        thread.start();
        return () -> {
            stopping.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
