package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.OnError;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.InMemorySink;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class OutboxTest {

    /** Counts what it waits for. */
    private static final class Waiting implements Item.Owner {
        private int awaited;
        private int settled;

        @Override
        public void awaits() {
            awaited++;
        }

        @Override
        public void settled() {
            settled++;
            assertThat(settled).isLessThanOrEqualTo(awaited);
        }
    }

    /** Lets a lane stop at each rejection, or put each away. */
    private static final class Ruling implements Outbox.Policy {
        private boolean skips;
        private final List<String> rejected = new ArrayList<>();
        private String missing = "";

        @Override
        public boolean putAway(Item item, Outcome.Rejected outcome) {
            rejected.add(item.id());
            return skips;
        }

        @Override
        public void written(Item item) {}

        @Override
        public void missing(String message) {
            missing = message;
        }

        @Override
        public void closed(String message) {}

        @Override
        public void flushed(int documents, Duration took) {}

        @Override
        public void failed(SinkException e) {}
    }

    private final InMemorySink sink = InMemorySink.named("primary");
    private final Mailbox mailbox = new Mailbox();
    private final Ruling policy = new Ruling();
    private long nanos;
    private final Clock clock = new Clock(InstantSource.fixed(Instant.EPOCH), () -> nanos);
    private final DocumentRoom room = DocumentRoom.of(1 << 20, System::nanoTime);
    private DocumentRoom.Share share = room.open();
    private String generation = "";
    private Outbox outbox = outbox(new Random(1));

    private Outbox outbox(Random random) {
        var index = sink.index(Shop.index(OnError.STOP, "name"));
        generation = index.create(1).name();
        var backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), random);
        return new Outbox(index, generation, sink, mailbox, clock, policy, backoff, share);
    }

    @BeforeEach
    void limit() {
        sink.limits(new InMemorySink.Limits(1 << 20, 2, 3, 1_000, 3));
    }

    private Item item(String id, long version, Waiting owner) {
        owner.awaits();
        var json = ("{\"v\":" + version + "}").getBytes(StandardCharsets.UTF_8);
        return new Item(Key.of(id), new DocumentWrite.Upsert(id, version, json), nanos, List.of(owner), null);
    }

    private void turn() {
        outbox.send();
        mailbox.drain();
        nanos += 20_000_000L;
    }

    @Test
    @DisplayName("P4 of two writes of an id the later is kept, whichever comes first, and both owners are told")
    void keepsTheLater() {
        var first = new Waiting();
        var second = new Waiting();
        outbox.offer(item("1", 7, first));
        outbox.offer(item("1", 5, second));
        turn();
        assertThat(sink.version(generation, "1")).contains(7L);
        assertThat(first.settled).isEqualTo(1);
        assertThat(second.settled).isEqualTo(1);
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(share.bytes()).isZero();
    }

    @Test
    @DisplayName("P12 a later write takes the place of one that stops the lane, at once")
    void aLaterWriteTakesThePlaceOfOneThatStops() {
        sink.fault((g, write) -> write.version() == 5 ? new Outcome.Rejected("t", "r") : null);
        var first = new Waiting();
        var second = new Waiting();
        outbox.offer(item("1", 5, first));
        turn();
        assertThat(outbox.stopped()).hasSize(1);
        outbox.offer(item("1", 6, second));
        assertThat(outbox.stopped()).isEmpty();
        turn();
        assertThat(first.settled + second.settled).isEqualTo(2);
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    @DisplayName("P4 what is too old is handed out once and stays unsettled until its successor is settled")
    void handsOutWhatIsTooOld() {
        var owner = new Waiting();
        outbox.offer(item("1", 5, owner));
        nanos += LaneOptions.STALE.toNanos() + 1;
        turn();
        var stale = outbox.takeStale();
        assertThat(stale).hasSize(1);
        assertThat(outbox.takeStale()).isEmpty();
        assertThat(outbox.isEmpty()).isFalse();
        var owners = outbox.withdraw(stale.get(0));
        assertThat(owners).containsExactly(owner);
        assertThat(outbox.withdraw(stale.get(0))).as("twice").isEmpty();
        outbox.offer(item("1", 6, owner));
        owner.settled();
        turn();
        assertThat(owner.settled).isEqualTo(2);
        assertThat(share.bytes()).isZero();
    }

    @Test
    @DisplayName(
            "P11 P10 while the sink is away what is too old is let go of, and only a few are built anew to try it with")
    void letsGoOfWhatIsTooOldWhileTheSinkIsAway() {
        sink.away(SinkException.Kind.UNAVAILABLE);
        for (var i = 0; i < 100; i++) {
            outbox.offer(large("" + i));
        }
        turn();
        assertThat(share.bytes()).isGreaterThan(100_000);
        nanos += Duration.ofSeconds(31).toNanos();
        turn();
        turn();
        assertThat(share.bytes()).isLessThan(20_000);
        var tried = outbox.takeStale();
        assertThat(tried).hasSize(16);
        assertThat(outbox.takeStale()).as("not while those are being built").isEmpty();
        tried.forEach(this::renew);
        assertThat(outbox.takeStale())
                .as("not while there is something to try it with")
                .isEmpty();
        sink.heal();
        nanos += Duration.ofSeconds(2).toNanos();
        turn();
        turn();
        var others = outbox.takeStale();
        assertThat(others).hasSize(84);
        others.forEach(this::renew);
        for (var i = 0; i < 100; i++) {
            turn();
        }
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(share.bytes()).isZero();
    }

    private Item large(String id) {
        var json = ("{\"v\":\"" + "x".repeat(1_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        var owner = new Waiting();
        owner.awaits();
        return new Item(Key.of(id), new DocumentWrite.Upsert(id, 1, json), nanos, List.of(owner), null);
    }

    @Test
    @DisplayName("P11 of a document that stops the lane only its key is kept")
    void keepsOnlyTheKeyOfWhatStops() {
        sink.fault((generation, write) -> new Outcome.Rejected("t", "r"));
        outbox.offer(large("1"));
        turn();
        assertThat(outbox.stopped()).hasSize(1);
        assertThat(share.bytes()).isLessThan(200);
    }

    @Test
    @DisplayName("P10 a sink with nothing left to be tried with is not said to be away: others may try it")
    void troubleEndsWithTheLastDocument() {
        sink.away(SinkException.Kind.UNAVAILABLE);
        var owner = new Waiting();
        outbox.offer(item("1", 5, owner));
        for (var i = 0; i < 200; i++) {
            turn();
        }
        assertThat(outbox.trouble()).isNotNull();
        nanos += Duration.ofMinutes(1).toNanos();
        turn();
        var old = outbox.takeStale().get(0);
        outbox.withdraw(old).forEach(Item.Owner::settled);
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.trouble()).isNull();
    }

    @Test
    @DisplayName("P12 a missing index is told, and the documents are kept")
    void tellsThatTheIndexIsMissing() {
        sink.deleteIndex(generation);
        outbox.offer(item("1", 5, new Waiting()));
        turn();
        assertThat(policy.missing).isNotEmpty();
        assertThat(outbox.isEmpty()).isFalse();
    }

    @RepeatedTest(50)
    @DisplayName(
            "P6 each owner is told exactly once for each write, through replacing, faults, lost answers and renewals")
    void tellsEachOwnerOnce() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        outbox = outbox(random);
        policy.skips = random.nextBoolean();
        sink.fault((g, write) -> {
            if (random.nextInt(20) == 0) {
                throw new SinkException(SinkException.Kind.UNAVAILABLE, "lost");
            }
            return switch (random.nextInt(6)) {
                case 0 -> new Outcome.Busy("429");
                case 1 -> new Outcome.Rejected("t", "r");
                default -> null;
            };
        });
        var owners = new ArrayList<Waiting>();
        var known = new HashSet<Item>();
        for (var i = 0; i < 300; i++) {
            var owner = new Waiting();
            owners.add(owner);
            outbox.offer(item("" + random.nextInt(8), random.nextInt(1_000), owner));
            nanos += random.nextInt(2_000_000_000);
            turn();
            known.addAll(outbox.takeStale());
            known.addAll(outbox.stopped().keySet());
            renewSome(known, random);
        }
        sink.heal();
        for (var i = 0; i < 200; i++) {
            turn();
            known.addAll(outbox.takeStale());
            known.addAll(outbox.stopped().keySet());
            known.forEach(this::renew);
            known.clear();
        }
        assertThat(outbox.isEmpty()).as("seed %d", seed).isTrue();
        assertThat(outbox.size()).isZero();
        assertThat(share.bytes()).as("seed %d", seed).isZero();
        assertThat(owners).allSatisfy(owner -> assertThat(owner.settled).isEqualTo(owner.awaited));
    }

    private void renewSome(Set<Item> known, Random random) {
        for (var item : List.copyOf(known)) {
            if (random.nextInt(4) == 0) {
                known.remove(item);
                renew(item);
            }
        }
    }

    private void renew(Item item) {
        var owners = outbox.withdraw(item);
        if (!owners.isEmpty()) {
            owners.forEach(Item.Owner::awaits);
            outbox.offer(new Item(item.key, item.write(), nanos, owners, null));
            owners.forEach(Item.Owner::settled);
        }
    }
}
