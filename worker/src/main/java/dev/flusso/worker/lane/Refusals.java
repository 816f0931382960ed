package dev.flusso.worker.lane;

import dev.flusso.journal.Position;
import dev.flusso.schema.OnError;
import dev.flusso.worker.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of documents the sink rejects: put away as dead letters, or the lane stops and tries them again, built anew, with a growing
 * pause. The lane's thread.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final LaneContext context;
    private final String target;
    private final DeadLetters letters;
    private final Rejections rejections = new Rejections();
    private final Backoff backoff;

    /** The documents that stop the lane, and did not settle since. */
    private final Set<String> refused = new HashSet<>();

    /** The versions of what was put away since the start. */
    private final Map<String, Long> putAway = new HashMap<>();

    private String why = "";
    private long notBeforeNanos;

    Refusals(LaneContext context, String target, DeadLetters letters) {
        this.context = context;
        this.target = target;
        this.letters = letters;
        this.backoff = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), context.random());
        this.notBeforeNanos = context.clock().nanoTime();
    }

    /** Returns whether the document is put away; else it stops the lane. */
    boolean putAway(Item item, Outcome.Rejected rejected, Position position) {
        why = reason(item, rejections.rejected(rejected.type()));
        if (context.onError() == OnError.STOP || !why.isEmpty()) {
            stop(item, rejected, position);
            return false;
        }
        putAway.put(item.id(), item.version());
        letters.put(
                target,
                item.id(),
                rejected.type(),
                rejected.reason(),
                position,
                context.clock().now());
        settled(item.id());
        context.monitor().quarantined(context.name());
        LOG.warn(
                "document put away lane={} index={} id={} type={} reason={}",
                context.name(),
                target,
                item.id(),
                rejected.type(),
                rejected.reason());
        return true;
    }

    private String reason(Item item, boolean isMappingFault) {
        if (context.onError() == OnError.STOP) {
            return "";
        }
        if (isMappingFault) {
            return "over half of the last documents were rejected so, which is a fault of the mapping";
        }
        return letters.count(target) >= DeadLetters.LIMIT && !letters.has(target, item.id())
                ? DeadLetters.LIMIT + " were put away already, which is a fault of the mapping"
                : "";
    }

    /** Why the document rejected last was not put away although documents may be; empty when it was, or they may not. */
    String why() {
        return why;
    }

    private void stop(Item item, Outcome.Rejected rejected, Position position) {
        if (refused.isEmpty()) {
            notBeforeNanos = context.clock().nanoTime() + backoff.next().toNanos();
            LOG.error(
                    "lane stopped lane={} index={} id={} type={} reason={} position={}",
                    context.name(),
                    target,
                    item.id(),
                    rejected.type(),
                    rejected.reason(),
                    position);
        }
        refused.add(item.id());
        context.monitor().failed(context.name(), rejected.type() + ": " + rejected.reason());
    }

    /** The sink took a document. One that is older than what was put away, as a slow scan brings it, does not mend that. */
    void written(Item item) {
        rejections.written();
        var version = putAway.get(item.id());
        if (version == null || item.version() >= version) {
            putAway.remove(item.id());
            letters.settled(target, item.id());
        }
        settled(item.id());
    }

    private void settled(String id) {
        if (refused.remove(id) && refused.isEmpty()) {
            backoff.reset();
            LOG.info("lane goes on lane={} index={}", context.name(), target);
        }
    }

    /** Whether it is time to try the documents that stop the lane again; the next time is later. */
    boolean isTime() {
        if (context.clock().nanoTime() - notBeforeNanos < 0) {
            return false;
        }
        notBeforeNanos = context.clock().nanoTime() + backoff.next().toNanos();
        return true;
    }
}
