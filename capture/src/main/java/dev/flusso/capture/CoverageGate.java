package dev.flusso.capture;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import java.util.List;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The barrier of promise P2: after a change to publication, identity or carried columns, a coverage entry is appended only when all
 * transactions that were running at the change are finished and the stream has come past that point. What is lost by the change
 * leaves the coverage at once. One thread.
 *
 * <p>The boundary is an id that was given out after the change, and not the {@code xmax} of a snapshot taken then: {@code xmax} is one
 * past the newest transaction that is <em>finished</em>, so one that is running can have it, or a higher id. With 100 finished last and 101
 * at work, a snapshot says {@code 101:101:}, and its {@code xmin} would seem to have reached its {@code xmax} at once. A transaction
 * that gets its id after the change has written nothing before it.
 *
 * <pre>
 *   OPEN ──change──▶ CHANGED ──look──▶ RUNNING (boundary) ──xmin ≥ boundary──▶ CATCHING_UP (log end) ──received ≥ end──▶ append, OPEN
 * </pre>
 */
final class CoverageGate {

    private final Outbox outbox;
    private @Nullable SortedMap<TableName, TableCoverage> target;
    private long boundary;
    private Lsn end = Lsn.ZERO;
    private boolean looked;
    private boolean finished;

    CoverageGate(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Publication, identity or needs may have changed: {@code newTarget} is what will be carried. */
    void changed(SortedMap<TableName, TableCoverage> newTarget, Lsn lsn) {
        target = newTarget;
        looked = false;
        finished = false;
        var common = CoveragePlan.common(outbox.coverage(), newTarget);
        if (!common.equals(outbox.coverage())) {
            outbox.append(new Entry.Coverage(lsn, outbox.visibleThrough(), common));
        }
    }

    /** As {@link #changed}, but when something is only lost by it, nobody needs to be waited for. */
    void narrowed(SortedMap<TableName, TableCoverage> newTarget, Lsn lsn) {
        changed(newTarget, lsn);
        if (outbox.coverage().equals(newTarget)) {
            target = null;
        }
    }

    /** Whether a change waits to be covered. */
    boolean isClosed() {
        return target != null;
    }

    /** Whether only the stream has to come far enough. */
    boolean waitsForStream() {
        return target != null && finished;
    }

    /** What is covered, or will be once the gate opens. */
    SortedMap<TableName, TableCoverage> goal() {
        return target != null ? target : outbox.coverage();
    }

    /** The transactions below this id are waited for; 0 when none are. */
    long waitsForXidsBelow() {
        return target != null && looked && !finished ? boundary : 0;
    }

    /** One look at the source, taken after everything before; what has no id below {@code next} yet began after the change. */
    void seen(SourceMoment moment, LongSupplier next) {
        if (target == null) {
            return;
        }
        if (!looked) {
            looked = true;
            boundary = next.getAsLong();
        }
        if (!finished && moment.snapshot().xmin() >= boundary) {
            finished = true;
            end = moment.end();
        }
    }

    /** The stream was handed out up to {@code received}; appends the coverage when that is far enough. */
    void received(Lsn received) {
        if (target != null && finished && received.compareTo(end) >= 0) {
            outbox.append(new Entry.Coverage(received, outbox.visibleThrough(), target));
            target = null;
        }
    }

    /** What it waits for, for people. */
    String detail() {
        if (target == null) {
            return "";
        }
        return finished
                ? "coverage waits until the stream has come to " + end
                : "coverage waits for transactions that began before the last change of publication, identity or needs";
    }

    /** The blockers of the source, in words of this gate. */
    List<Blocker> blockers(Source source) {
        var below = waitsForXidsBelow();
        return below == 0 ? List.of() : source.transactionsBefore(below);
    }
}
