package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("P11 the room for documents")
class DocumentRoomTest {

    private static final long MIB = 1 << 20;

    private final DocumentRoom room = DocumentRoom.of(64 * MIB, System::nanoTime);

    private static long fill(DocumentRoom.Share share) {
        var all = 0L;
        for (var got = share.reserve(MIB); got > 0; got = share.reserve(MIB)) {
            all += got;
        }
        return all;
    }

    @Test
    void oneLaneAloneGetsMostOfIt() {
        assertThat(fill(room.open())).isBetween(40 * MIB, 49 * MIB);
    }

    @Test
    @DisplayName("a stuck lane that has taken all it can leaves each other one its guarantee and more")
    void aStuckLaneStarvesNobody() {
        var stuck = room.open();
        var others = shares(9);
        assertThat(fill(stuck)).isGreaterThan(16 * MIB);
        for (var other : others) {
            assertThat(fill(other)).isGreaterThanOrEqualTo(32 * MIB / 10);
        }
        assertThat(fill(stuck)).isZero();
        assertThat(room.heldBytes()).isLessThanOrEqualTo(64 * MIB);
    }

    @Test
    void aHundredLanesStayWithinTheTotal() {
        for (var share : shares(100)) {
            assertThat(fill(share)).isPositive();
        }
        assertThat(room.heldBytes()).isLessThanOrEqualTo(64 * MIB);
    }

    private List<DocumentRoom.Share> shares(int count) {
        return IntStream.range(0, count).mapToObj(i -> room.open()).toList();
    }

    @Test
    @DisplayName("giants nobody reserved for hold up the others until half as much again is not exceeded any more")
    void giantsHoldUpOthersForAWhile() {
        var giants = room.open();
        var other = room.open();
        giants.take(97 * MIB);
        assertThat(other.reserve(MIB)).isZero();
        giants.give(4 * MIB);
        assertThat(other.reserve(MIB)).isEqualTo(MIB);
        giants.close();
        assertThat(room.heldBytes()).isEqualTo(MIB);
    }

    @Test
    void whoWaitsGoesOnWhenOthersGiveBack() throws Exception {
        var share = room.open();
        var taken = fill(share);
        assertThat(share.await(4 * MIB, 1_000_000)).isFalse();
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return share.await(4 * MIB, TimeUnit.SECONDS.toNanos(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        share.give(taken);
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("more than there can ever be is reserved by whoever holds nothing else")
    void moreThanThereIs() throws Exception {
        var share = room.open();
        assertThat(share.await(80 * MIB, 1)).isTrue();
        assertThat(share.await(1, 1)).isFalse();
    }

    @RepeatedTest(20)
    void isNeverExceededAndComesBackWhole() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        var shares = shares(8);
        for (var i = 0; i < 5_000; i++) {
            var share = shares.get(random.nextInt(shares.size()));
            if (random.nextBoolean()) {
                share.reserve(1 + random.nextInt(4 << 20));
            } else if (share.bytes() > 0) {
                share.give(1 + random.nextLong(share.bytes()));
            }
            assertThat(room.heldBytes()).as("seed %d", seed).isBetween(0L, 64 * MIB);
            assertThat(share.bytes()).as("seed %d", seed).isNotNegative();
        }
        shares.forEach(DocumentRoom.Share::close);
        assertThat(room.heldBytes()).isZero();
    }
}
