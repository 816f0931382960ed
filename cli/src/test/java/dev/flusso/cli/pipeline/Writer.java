package dev.flusso.cli.pipeline;

import dev.flusso.dev.servers.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes rows at random, transaction after transaction, until it is closed. */
final class Writer implements AutoCloseable {

    /** SQLSTATE of a row that refers to one that is gone: another writer has deleted that user meanwhile. */
    private static final Set<String> FOREIGN_KEY = Set.of("23503");

    private final FirstDay day;
    private final SplittableRandom random;
    private final Function<SplittableRandom, String> changes;
    private final Set<String> tolerated;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::write, "writer");
    private volatile boolean stopping;
    private final AtomicLong transactions = new AtomicLong();

    Writer(FirstDay day, SplittableRandom random) {
        this(day, random, Writer::change, FOREIGN_KEY);
    }

    /**
     * One that writes something else.
     *
     * @param changes makes a statement
     * @param tolerated SQLSTATEs of statements that may fail
     */
    Writer(FirstDay day, SplittableRandom random, Function<SplittableRandom, String> changes, Set<String> tolerated) {
        this.day = day;
        this.random = random;
        this.changes = changes;
        this.tolerated = tolerated;
    }

    void start() {
        thread.start();
    }

    private void write() {
        try {
            while (!stopping) {
                try {
                    day.sql(changes.apply(random), changes.apply(random));
                    transactions.incrementAndGet();
                } catch (SQLException e) {
                    if (!tolerated.contains(String.valueOf(e.getSQLState()))) {
                        throw e;
                    }
                }
            }
        } catch (SQLException e) {
            failure.set(e);
        }
    }

    private static String change(SplittableRandom random) {
        var user = 1 + random.nextInt(320);
        var other = 1 + random.nextInt(320);
        return switch (random.nextInt(8)) {
            case 0 -> "INSERT INTO users (email, name) VALUES ('w" + random.nextInt() + "@x.org', 'w')";
            case 1 -> "UPDATE users SET name = 'n" + random.nextInt() + "' WHERE id = " + user;
            case 2 -> "DELETE FROM users WHERE id = " + user;
            case 3 -> "UPDATE users SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END WHERE id = " + user;
            case 4 -> "INSERT INTO orders (user_id, status, total) SELECT id, 'w', 1.5 FROM users WHERE id = " + user;
            case 5 -> "DELETE FROM orders WHERE user_id = " + user + " AND id % 2 = 0";
            case 6 ->
                "UPDATE orders SET user_id = (SELECT max(id) FROM users WHERE id <= " + other + ") WHERE user_id = "
                        + user + " AND id % 3 = 0";
            default -> "UPDATE orders SET total = total + 1 WHERE user_id = " + user;
        };
    }

    /** Waits until so many more transactions are committed. */
    void awaitMore(int count) {
        var goal = transactions.get() + count;
        Eventually.within(Duration.ofSeconds(60))
                .until(count + " more transactions", () -> transactions.get() >= goal || failure.get() != null);
    }

    /** Fails when the writer did. */
    void rethrow() {
        var why = failure.get();
        if (why != null) {
            throw new AssertionError("the writer failed: " + why.getMessage(), why);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Returns when nothing more is written; again does no harm. */
    void stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
