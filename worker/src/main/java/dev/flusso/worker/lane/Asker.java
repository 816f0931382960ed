package dev.flusso.worker.lane;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs what blocks on another thread and brings the answer back to the lane's. */
final class Asker {

    private final Executor executor;
    private final Mailbox mailbox;

    Asker(Executor executor, Mailbox mailbox) {
        this.executor = executor;
        this.mailbox = mailbox;
    }

    /**
     * Asks; exactly one of the two is called later, on the lane's thread.
     *
     * @param failure is also called, at once, when the executor takes nothing more: the process is ending
     */
    <T> void ask(Supplier<T> question, Consumer<T> answer, Consumer<RuntimeException> failure) {
        try {
            executor.execute(() -> run(question, answer, failure));
        } catch (RejectedExecutionException e) {
            mailbox.post(() -> failure.accept(e));
        }
    }

    private <T> void run(Supplier<T> question, Consumer<T> answer, Consumer<RuntimeException> failure) {
        try {
            var found = question.get();
            mailbox.post(() -> answer.accept(found));
        } catch (RuntimeException e) { // whatever it was, the lane decides what becomes of it
            mailbox.post(() -> failure.accept(e));
        } catch (Error e) { // the lane must not wait for ever; the thread's end says the rest
            mailbox.post(() -> failure.accept(new IllegalStateException("failed in an unforeseen way: " + e, e)));
            throw e;
        }
    }
}
