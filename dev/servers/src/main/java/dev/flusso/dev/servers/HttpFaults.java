package dev.flusso.dev.servers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The script of a {@link FaultProxy} of HTTP: {@code proxy.http().next(3).bulks().answer(429)}.
 *
 * <p>Rules are asked in the order in which they were made; the first that wants a request and is not used up treats it, and a request no
 * rule wants passes. Any thread may add rules; they hold from the next request on.
 */
public final class HttpFaults {

    private static final int KEPT_EXCHANGES = 10_000;

    private final List<HttpRule> rules = new CopyOnWriteArrayList<>();
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private long requests;
    private int peakInFlight;

    HttpFaults() {}

    /**
     * A request and what the client was told.
     *
     * @param request without its body
     * @param bodyBytes of the request, as it came
     * @param status the answer's, also when the client has gone before it; 0 when there was none
     */
    public record Exchange(String request, int bodyBytes, int status) {}

    /** The next {@code count} requests that the rule wants. */
    public Draft next(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a rule for " + count + " requests, expected at least 1");
        }
        return new Draft(count);
    }

    /** All requests that the rule wants, until {@link HttpRule#cancel} or {@link #clear}. */
    public Draft always() {
        return new Draft(Integer.MAX_VALUE);
    }

    /** Takes all rules away; requests that are held go on. */
    public void clear() {
        releaseAll();
        rules.clear();
    }

    /** How many requests have been read. */
    public synchronized long requests() {
        return requests;
    }

    /** The most requests that were under way at once. */
    public synchronized int peakInFlight() {
        return peakInFlight;
    }

    /** The newest finished requests in the order of their end, at most {@value #KEPT_EXCHANGES}. */
    public synchronized List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** How many of {@link #exchanges} are like that. */
    public long count(Predicate<Exchange> wanted) {
        return exchanges().stream().filter(wanted).count();
    }

    synchronized void begun() {
        requests++;
        peakInFlight = Math.max(peakInFlight, inFlight.incrementAndGet());
    }

    synchronized void ended(ProxiedRequest request, int status) {
        inFlight.decrementAndGet();
        if (exchanges.size() == KEPT_EXCHANGES) {
            exchanges.removeFirst();
        }
        exchanges.addLast(new Exchange(request.toString(), request.bodyBytes(), status));
    }

    Optional<HttpRule> ruleFor(ProxiedRequest request) {
        return rules.stream().filter(rule -> rule.takes(request)).findFirst();
    }

    void releaseAll() {
        rules.forEach(HttpRule::cancel);
    }

    /** A rule that is being written; ended by what is to happen. */
    public final class Draft {

        private final int count;
        private Predicate<ProxiedRequest> wanted = request -> true;

        private Draft(int count) {
            this.count = count;
        }

        /** Only requests like that, besides what was said before. */
        public Draft matching(Predicate<ProxiedRequest> condition) {
            this.wanted = wanted.and(condition);
            return this;
        }

        /** Only {@code _bulk} requests. */
        public Draft bulks() {
            return matching(ProxiedRequest::isBulk);
        }

        /** The proxy answers in OpenSearch's form and the target sees nothing. */
        public HttpRule answer(int status) {
            return added(new HttpAction.Answer(status, ""));
        }

        /** The proxy answers with that JSON and the target sees nothing. */
        public HttpRule answer(int status, String body) {
            return added(new HttpAction.Answer(status, body));
        }

        /** The connection is reset and the target sees nothing. */
        public HttpRule reset() {
            return added(new HttpAction.Reset());
        }

        /** The target does it, the client gets no answer but a reset. */
        public HttpRule dropResponse() {
            return added(new HttpAction.DropResponse());
        }

        /** The request goes on after a pause. */
        public HttpRule delay(Duration pause) {
            return added(new HttpAction.Delay(pause));
        }

        /**
         * Of bulk requests the items like that are answered with {@code status} and not given to the target, as by a full queue of one
         * shard (429) or a mapping that refuses them (400); the others are.
         */
        public HttpRule rejectItems(int status, Predicate<BulkItem> rejected) {
            return bulks().added(new HttpAction.RejectItems(status, rejected));
        }

        /** The request waits until {@link HttpRule#deliver}, also when its client has gone meanwhile. */
        public HttpRule hold() {
            return added(new HttpAction.Hold());
        }

        private HttpRule added(HttpAction action) {
            var rule = new HttpRule(count, wanted, action);
            rules.add(rule);
            return rule;
        }
    }
}
