package dev.flusso.dev.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One rule of {@link HttpFaults}: what it wants, how often, and what became of the requests it took. Any thread. */
public final class HttpRule {

    private final int limit;
    private final Predicate<ProxiedRequest> wanted;
    private final HttpAction action;
    private final List<ProxiedRequest> taken = new ArrayList<>();
    private final List<Integer> delivered = new ArrayList<>();
    private boolean cancelled;
    private boolean released;

    HttpRule(int limit, Predicate<ProxiedRequest> wanted, HttpAction action) {
        this.limit = limit;
        this.wanted = wanted;
        this.action = action;
    }

    /** How many requests it has treated. */
    public synchronized int applied() {
        return taken.size();
    }

    /** Whether it has treated as many requests as it was made for. */
    public synchronized boolean isUsedUp() {
        return taken.size() >= limit;
    }

    /** Takes no more requests, and lets those go on that it holds. */
    public synchronized void cancel() {
        cancelled = true;
        released = true;
        notifyAll();
    }

    /** Waits until it has taken so many requests; returns them. */
    public List<ProxiedRequest> await(int count, Duration deadline) {
        return Eventually.within(deadline)
                .value(
                        count + " requests for a rule that " + action.kind(),
                        this::requests,
                        requests -> requests.size() >= count);
    }

    /** The requests it has taken. */
    public synchronized List<ProxiedRequest> requests() {
        return List.copyOf(taken);
    }

    /**
     * Lets the requests held so far, and any it may still take, go to the target, and returns when the target has answered those held so
     * far; with the statuses of its answers (0: no answer) in the order in which they came.
     */
    public List<Integer> deliver(Duration deadline) {
        int held;
        synchronized (this) {
            held = taken.size();
            released = true;
            notifyAll();
        }
        return Eventually.within(deadline)
                .value(
                        held + " held requests to be answered by the target",
                        this::statuses,
                        statuses -> statuses.size() >= held);
    }

    private synchronized List<Integer> statuses() {
        return List.copyOf(delivered);
    }

    HttpAction action() {
        return action;
    }

    synchronized boolean takes(ProxiedRequest request) {
        if (cancelled || taken.size() >= limit || !wanted.test(request)) {
            return false;
        }
        return taken.add(request);
    }

    /** Waits until the test delivers what is held. */
    synchronized void awaitRelease() {
        while (!released) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    synchronized void wasDelivered(int status) {
        delivered.add(status);
    }
}
