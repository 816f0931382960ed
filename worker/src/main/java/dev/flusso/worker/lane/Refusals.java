package dev.flusso.worker.lane;

import dev.flusso.journal.Position;
import dev.flusso.schema.OnError;
import dev.flusso.worker.Outcome;
import java.time.Duration;
import java.util.HashSet;
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
        var isMappingFault = rejections.rejected(rejected.type());
        if (context.onError() == OnError.STOP || isMappingFault || letters.count(target) >= DeadLetters.LIMIT) {
            stop(item, rejected, position);
            return false;
        }
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

    /** The sink took a document. */
    void written(Item item) {
        rejections.written();
        letters.settled(target, item.id());
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
