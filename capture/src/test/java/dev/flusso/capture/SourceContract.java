package dev.flusso.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What capture relies on, of every source: the one made by hand its tests run on, and the real one. */
public abstract class SourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The table that is needed: {@code id} and {@code r}, the first its key. */
    protected static final TableName THINGS = TableName.of("public", "things");

    /** A source over a database that holds an empty {@link #THINGS}, without slot and publication; the same in each call of one test. */
    protected abstract Source source();

    /** Commits a transaction that inserts a row for each id. */
    protected abstract void insert(String... ids);

    /** Commits a transaction of a table nobody needs. */
    protected abstract void insertElsewhere();

    /** Begins a transaction that has written. */
    protected abstract Running begin();

    /** Cuts all connections of the source. */
    protected abstract void cut();

    /** A transaction under way. */
    protected interface Running extends AutoCloseable {

        /** Commits it; again does no harm. */
        void commit();

        @Override
        default void close() {
            commit();
        }
    }

    private static Needs needs() {
        var tables = new TreeMap<TableName, TableNeed>();
        tables.put(THINGS, TableNeed.of(List.of("id"), List.of("r")));
        return new Needs(tables);
    }

    private static <T> T await(String what, Supplier<Optional<T>> question) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            var answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("waited in vain for " + what);
    }

    private static <E extends StreamEvent> E next(ChangeStream stream, Class<E> kind) {
        return await(
                kind.getSimpleName(),
                () -> Optional.ofNullable(stream.poll())
                        .filter(kind::isInstance)
                        .map(kind::cast));
    }

    /** A source with publication and slot. */
    private Lsn provisioned() {
        source().connect();
        source().provision(needs());
        try (var making = source().createSlot()) {
            return await("the slot", making::done);
        }
    }

    /** The ids of rows until the stream has said nothing for the source's present end. */
    private List<String> ids(ChangeStream stream) {
        source().emit("contract", "end");
        var ids = new ArrayList<String>();
        await("the end", () -> {
            var event = stream.poll();
            if (event instanceof StreamEvent.Row row && row.after() != null) {
                ids.add(((dev.flusso.journal.Cell.Value.Text) row.after().value(0)).text());
            }
            return event instanceof StreamEvent.Message message
                            && message.prefix().equals("contract")
                    ? Optional.of(true)
                    : Optional.empty();
        });
        return ids;
    }

    @Test
    void makesAndDropsItsSlot() {
        source().connect();
        source().provision(needs());
        assertThat(source().slot()).isEmpty();
        source().dropSlot();

        Lsn made;
        try (var making = source().createSlot()) {
            made = await("the slot", making::done);
        }

        assertThat(source().slot()).hasValueSatisfying(slot -> {
            assertThat(slot.confirmed()).isEqualTo(made);
            assertThat(slot.isActive()).isFalse();
            assertThat(slot.isLost()).isFalse();
            assertThat(slot.end()).isGreaterThanOrEqualTo(made);
        });
        source().dropSlot();
        assertThat(source().slot()).isEmpty();
    }

    @Test
    void waitsWithTheSlotForWhoIsWritingAndSaysWhoThatIs() {
        source().connect();
        source().provision(needs());
        try (var running = begin();
                var making = source().createSlot()) {
            var before = source().boundary();
            assertThat(before).isGreaterThan(source().moment().snapshot().xmin());
            assertThat(source().transactionsBefore(before)).hasSize(1);
            assertThat(making.done()).isEmpty();
            running.commit();
            await("the slot", making::done);
            assertThat(source().transactionsBefore(before)).isEmpty();
        }
    }

    @Test
    void leavesNoSlotThatWasGivenUp() {
        source().connect();
        source().provision(needs());
        try (var running = begin()) {
            source().createSlot().close();
            running.commit();
        }
        await("no slot", () -> source().slot().isEmpty() ? Optional.of(true) : Optional.empty());
    }

    @Test
    void readsTheCatalogOfWhatIsNeeded() {
        source().connect();
        assertThat(source().catalog(needs()).tables()).containsOnlyKeys(THINGS);
        assertThat(source().catalog(Needs.NONE).tables()).isEmpty();

        var provisioned = source().provision(needs());

        assertThat(provisioned.blockers()).isEmpty();
        assertThat(provisioned.catalog()).isEqualTo(source().catalog(needs()));
        assertThat(provisioned.catalog().publication().exists()).isTrue();
        assertThat(provisioned.catalog().tables().get(THINGS)).satisfies(table -> {
            assertThat(table.primaryKey()).containsExactly("id");
            assertThat(table.columnsBefore()).contains("id", "r");
            assertThat(table.membership().published()).isTrue();
            assertThat(table.membership().columns()).contains("id", "r");
        });
    }

    @Test
    void sendsTransactionsInOrderFromTheSlotOn() {
        source().connect();
        source().provision(needs());
        insert("0");
        var made = provisioned();
        insert("1", "2");
        try (var stream = source().stream(made)) {
            var begin = next(stream, StreamEvent.Begin.class);
            var relation = next(stream, StreamEvent.Relation.class);
            var first = next(stream, StreamEvent.Row.class);
            var second = next(stream, StreamEvent.Row.class);
            var commit = next(stream, StreamEvent.Commit.class);

            assertThat(begin.commitLsn()).isGreaterThanOrEqualTo(made);
            assertThat(relation.table()).isEqualTo(THINGS);
            assertThat(first.operation()).isEqualTo(Entry.Operation.INSERT);
            assertThat(first.oid()).isEqualTo(relation.oid());
            assertThat(String.valueOf(first.after())).contains("1");
            assertThat(String.valueOf(second.after())).contains("2");
            assertThat(commit.commitLsn()).isEqualTo(begin.commitLsn());
            assertThat(commit.endLsn()).isGreaterThan(commit.commitLsn());
            await("nothing more", () -> stream.poll() == null ? Optional.of(true) : Optional.empty());
            assertThat(stream.received()).isGreaterThanOrEqualTo(commit.endLsn());
            var snapshot = source().moment().snapshot();
            assertThat(snapshot.sees(snapshot.extend(begin.xid()))).isTrue();
        }
    }

    @Test
    void sendsAgainWhatWasNotAcknowledgedAndNothingElse() {
        var made = provisioned();
        insert("1");
        insert("2");
        Lsn first;
        try (var stream = source().stream(made)) {
            first = next(stream, StreamEvent.Commit.class).endLsn();
            next(stream, StreamEvent.Commit.class);
            stream.acknowledge(first);
            stream.acknowledge(made); // never goes back
        }
        await(
                "the acknowledgement",
                () -> source().slot().filter(slot -> slot.confirmed().equals(first) && !slot.isActive()));
        try (var stream = source().stream(made)) {
            assertThat(ids(stream)).containsExactly("2");
        }
    }

    @Test
    void leavesOutWhatEndsBeforeThePlaceAskedFor() {
        var made = provisioned();
        insert("1");
        insert("2");
        Lsn first;
        try (var stream = source().stream(made)) {
            first = next(stream, StreamEvent.Commit.class).endLsn();
        }
        await("a free slot", () -> source().slot().filter(slot -> !slot.isActive()));
        try (var stream = source().stream(first)) {
            assertThat(ids(stream)).containsExactly("2");
        }
    }

    @Test
    void growsPastWhatDoesNotConcernUs() {
        var made = provisioned();
        try (var stream = source().stream(made)) {
            insertElsewhere();
            var end = source().moment().end();
            source().emit("contract", "past it");
            await(
                    "the end",
                    () -> stream.poll() == null && stream.received().compareTo(end) >= 0
                            ? Optional.of(true)
                            : Optional.empty());
        }
    }

    @Test
    void bringsItsOwnMessagesBack() {
        var made = provisioned();
        try (var stream = source().stream(made)) {
            source().emit("contract", "one é");
            var message = next(stream, StreamEvent.Message.class);
            assertThat(message.prefix()).isEqualTo("contract");
            assertThat(message.content()).isEqualTo("one é");
            assertThat(message.lsn()).isGreaterThanOrEqualTo(made);
        }
    }

    @Test
    void letsOnlyOneReadTheSlotAndNobodyDropItMeanwhile() {
        var made = provisioned();
        try (var stream = source().stream(made)) {
            assertThat(stream.poll()).isNull();
            assertThat(source().slot())
                    .hasValueSatisfying(slot -> assertThat(slot.isActive()).isTrue());
            assertThatThrownBy(() -> source().stream(made)).isInstanceOf(SlotHeldElsewhereException.class);
            assertThatThrownBy(() -> source().dropSlot()).isInstanceOf(SlotHeldElsewhereException.class);
        }
        await("a free slot", () -> source().slot().filter(slot -> !slot.isActive()));
        source().dropSlot();
    }

    @Test
    void takesSnapshotsThatSeeMoreAndMore() {
        source().connect();
        var before = source().moment();
        insert("1");
        var after = source().moment();
        assertThat(after.snapshot().xmax()).isGreaterThan(before.snapshot().xmax());
        assertThat(after.end()).isGreaterThan(before.end());
        assertThat(after.snapshot().sees(before.snapshot().xmax())).isTrue();
    }

    @Test
    void saysThatTheConnectionBrokeAndGoesOnAfterAnother() {
        var made = provisioned();
        insert("1");
        try (var stream = source().stream(made)) {
            cut();
            assertThatThrownBy(() -> await("a failure", () -> {
                        stream.poll();
                        return Optional.empty();
                    }))
                    .isInstanceOf(SourceUnavailableException.class);
        }
        source().connect();
        await("a free slot", () -> source().slot().filter(slot -> !slot.isActive()));
        try (var stream = source().stream(made)) {
            assertThat(ids(stream)).containsExactly("1");
        }
    }
}
