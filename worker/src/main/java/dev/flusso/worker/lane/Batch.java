package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Transaction;
import dev.flusso.worker.Key;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the journal on its way to the sink: the changes read together, what is still to be asked of the database for them,
 * and how many writes are unsettled. Done when nothing is left of any. The lane's thread.
 */
final class Batch implements Item.Owner {

    private final List<Entry.Change> changes = new ArrayList<>();

    /** How many changes it brought, those included that it has let go of. */
    private int size;

    /** How many transactions were unseen when it last let go of changes; less than none before. */
    private int heldFor = -1;

    /** How many of the first changes may lack columns. */
    private int early;

    private Position last;
    private Lsn lsn = Lsn.ZERO;
    private @Nullable Instant heartbeat;
    private @Nullable Transaction newest;

    /** Paths still to be followed. */
    private final ArrayDeque<Planner.Step> steps = new ArrayDeque<>();

    /** Root keys whose documents are still to be built. */
    private final Set<Key> keys = new LinkedHashSet<>();

    /** Whose effect the answers must show. */
    private Set<Transaction> transactions = Set.of();

    /** Transactions some query of this batch did not see; what they touched is done again. */
    private final Set<Transaction> unseen = new LinkedHashSet<>();

    private boolean planned;
    private int resolving;
    private int building;
    private int unsettled;
    private long retryAtNanos;
    private int retries;

    Batch(Position before) {
        this.last = before;
    }

    /**
     * Takes a change.
     *
     * @param isEarly whether it stands before the generation was sure of the stream: what it lacks is in the rows read since
     */
    void add(Entry.Change change, boolean isEarly) {
        changes.add(change);
        size++;
        early += isEarly ? 1 : 0;
        newest = change.transaction();
    }

    void passed(Position position, Lsn at) {
        last = position;
        lsn = lsn.max(at);
    }

    void heartbeat(Instant emittedAt) {
        heartbeat = emittedAt;
    }

    int size() {
        return size;
    }

    /** How many changes it keeps. */
    int held() {
        return changes.size();
    }

    /** Whether it asks and writes nothing now: it is done, or waits to be seen. */
    boolean isResting() {
        return isAsked() && unsettled == 0;
    }

    /** Lets go of the changes that are never resolved again. Only while it rests. */
    void forgetSeen() {
        if (heldFor == unseen.size()) {
            return;
        }
        heldFor = unseen.size();
        early = (int) changes.subList(0, early).stream()
                .filter(change -> unseen.contains(change.transaction()))
                .count();
        changes.removeIf(change -> !unseen.contains(change.transaction()));
    }

    /** The changes that must tell all that is needed, of these transactions. */
    List<Entry.Change> complete(Set<Transaction> of) {
        return of(changes.subList(early, changes.size()), of);
    }

    /** The changes that may lack columns, of these transactions. */
    List<Entry.Change> early(Set<Transaction> of) {
        return of(changes.subList(0, early), of);
    }

    private static List<Entry.Change> of(List<Entry.Change> changes, Set<Transaction> transactions) {
        return changes.stream()
                .filter(change -> transactions.contains(change.transaction()))
                .toList();
    }

    /** All transactions that brought changes. */
    Set<Transaction> brought() {
        var all = new LinkedHashSet<Transaction>();
        changes.forEach(change -> all.add(change.transaction()));
        return all;
    }

    Position last() {
        return last;
    }

    Lsn lsn() {
        return lsn;
    }

    @Nullable
    Instant heartbeat() {
        return heartbeat;
    }

    /** The newest transaction of it; null when it holds no change. */
    @Nullable
    Transaction newest() {
        return newest;
    }

    /** What must be asked, for the first time or again, and whose effect the answers must show. */
    void plan(List<Planner.Plan> plans, Set<Transaction> mustSee) {
        planned = true;
        for (var plan : plans) {
            steps.addAll(plan.steps());
            keys.addAll(plan.keys());
        }
        transactions = mustSee;
    }

    Set<Transaction> transactions() {
        return transactions;
    }

    /** The next path to follow; null when there is none, or so many keys are known already that their documents come first. */
    Planner.@Nullable Step nextStep(int enoughKeys) {
        if (keys.size() >= enoughKeys || steps.isEmpty()) {
            return null;
        }
        resolving++;
        return steps.remove();
    }

    int knownKeys() {
        return keys.size();
    }

    /** A path was followed; {@code onward} is its next page, or the same step again after a failure. */
    void followed(List<Key> found, Planner.@Nullable Step onward) {
        resolving--;
        keys.addAll(found);
        if (onward != null) {
            steps.addFirst(onward);
        }
    }

    /** Whether there are keys to build; not while more of them may be found, unless there are enough. */
    boolean hasKeys(int enoughKeys) {
        return !keys.isEmpty() && (keys.size() >= enoughKeys || (resolving == 0 && steps.isEmpty()));
    }

    /** The next keys to build, at most so many. */
    List<Key> nextKeys(int most) {
        var next = new ArrayList<Key>(Math.min(most, keys.size()));
        for (var iterator = keys.iterator(); iterator.hasNext() && next.size() < most; ) {
            next.add(iterator.next());
            iterator.remove();
        }
        building++;
        return next;
    }

    /** An answer came for keys handed out; {@code again} are those that must be asked once more. */
    void built(List<Key> again) {
        building--;
        keys.addAll(again);
    }

    /** Whether every document key it touches is known. */
    boolean isResolved() {
        return planned && steps.isEmpty() && resolving == 0;
    }

    /** Whether every document it touches was built as the database shows it. */
    boolean isBuilt() {
        return isAsked() && unseen.isEmpty();
    }

    private boolean isAsked() {
        return isResolved() && keys.isEmpty() && building == 0;
    }

    void unseen(Collection<Transaction> transactions) {
        unseen.addAll(transactions);
    }

    /** Whether all was asked, and only what some query did not see must be asked again. */
    boolean mustAskAgain() {
        return isAsked() && !unseen.isEmpty();
    }

    /** Hands out the transactions whose changes must be resolved and built again, not before the pause after the last try is over. */
    Set<Transaction> takeUnseen(long nowNanos) {
        if (retries > 0 && nowNanos - retryAtNanos < 0) {
            return Set.of();
        }
        var again = new LinkedHashSet<>(unseen);
        unseen.clear();
        retryAtNanos = nowNanos + Math.min(500_000_000L, 2_000_000L << Math.min(retries, 10));
        retries++;
        return again;
    }

    /** How many times something was asked again because it was not visible. */
    int retries() {
        return retries;
    }

    @Override
    public void awaits() {
        unsettled++;
    }

    @Override
    public void settled() {
        unsettled--;
    }

    boolean isDone() {
        return isBuilt() && unsettled == 0;
    }
}
