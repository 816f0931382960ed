package dev.flusso.dev.servers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One rule of {@link HttpFaults}: what it wants, how often, and what became of the requests it took. Any thread. */
public final class HttpRule {

    /** So many requests are kept with their bodies, the newest. */
    private static final int KEPT_REQUESTS = 100;

    private final int limit;
    private final Predicate<ProxiedRequest> wanted;
    private final HttpAction action;
    private final ArrayDeque<ProxiedRequest> taken = new ArrayDeque<>();
    private final List<Integer> delivered = new ArrayList<>();
    private int applied;
    private boolean cancelled;
    private boolean released;

    HttpRule(int limit, Predicate<ProxiedRequest> wanted, HttpAction action) {
        this.limit = limit;
        this.wanted = wanted;
        this.action = action;
    }

    /** How many requests it has treated. */
    public synchronized int applied() {
        return applied;
    }

    /** Whether it has treated as many requests as it was made for. */
    public synchronized boolean isUsedUp() {
        return applied >= limit;
    }

    /** Takes no more requests, and lets those go on that it holds. */
    public synchronized void cancel() {
        cancelled = true;
        released = true;
        notifyAll();
    }

    /** Waits until it has taken so many requests; returns them as {@link #requests} does. */
    public List<ProxiedRequest> await(int count, Duration deadline) {
        Eventually.within(deadline)
                .value(count + " requests for a rule to " + action.kind(), this::applied, number -> number >= count);
        return requests();
    }

    /** The requests it has taken, at most the newest {@value #KEPT_REQUESTS}. */
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
            held = applied;
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
        if (cancelled || applied >= limit || !wanted.test(request)) {
            return false;
        }
        applied++;
        if (taken.size() == KEPT_REQUESTS) {
            taken.removeFirst();
        }
        taken.addLast(request);
        return true;
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
