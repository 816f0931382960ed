package dev.flusso.cli.pipeline;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Asks the database whether it answers at all, so that a worker can say whether capture or Postgres is away. On a thread of its own: a
 * frozen server answers nothing for a long time.
 */
final class SourceProbe implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A question to the database. */
    @FunctionalInterface
    interface Question {
        /** Returns when it was answered; throws when it was not. */
        void ask() throws Exception;
    }

    private final Question question;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        var made = new Thread(task, "flusso-source-probe");
        made.setDaemon(true);
        return made;
    });
    private boolean asking;
    private long askedAtNanos;
    private volatile String finding = "";

    SourceProbe(Question question) {
        this.question = question;
    }

    /** Asks, unless it is asking; one thread. */
    void look(long nowNanos) {
        synchronized (this) {
            if (asking) {
                if (nowNanos - askedAtNanos > PATIENCE.toNanos()) {
                    finding = "Postgres does not answer";
                }
                return;
            }
            asking = true;
            askedAtNanos = nowNanos;
        }
        thread.execute(this::ask);
    }

    private void ask() {
        String found;
        try {
            question.ask();
            found = "Postgres answers, so capture is away or stuck";
        } catch (Exception e) { // whatever it was, this is what we know of the database
            found = "Postgres is away: " + e.getMessage();
        }
        synchronized (this) {
            asking = false;
            finding = found;
        }
    }

    /** All seems well: what was found before says nothing of the next time. */
    void forget() {
        finding = "";
    }

    /** What is known, in words; empty when nothing is. */
    String finding() {
        return finding;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
