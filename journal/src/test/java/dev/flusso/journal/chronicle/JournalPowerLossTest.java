package dev.flusso.journal.chronicle;

import static dev.flusso.journal.Samples.change;
import static dev.flusso.journal.Samples.commit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails: of everything written since the last force, each page of 4096 bytes may or may not have reached the disk, and so
 * may each new file. Which ones, a seed decides.
 */
@SuppressWarnings("NullAway.Init")
class JournalPowerLossTest {

    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    private final TreeMap<Position, Entry> written = new TreeMap<>();
    private Position durable = Position.BEGINNING;

    @Test
    void everythingAcknowledgedIsReadableAndNothingTornIsDelivered() throws IOException {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        System.out.println("JournalPowerLossTest seed " + seed + " (-Dflusso.seed)");
        for (var round = 0; round < Integer.getInteger("flusso.rounds", 8); round++) {
            var random = new Random(seed + round);
            written.clear();
            var home = Files.createDirectory(directory.resolve("round-" + round));
            try {
                crashes(home, random, random.nextInt(3) == 0 ? 3 : 1);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + ": " + e.getMessage(), e);
            }
            Disk.deleteTree(home);
        }
    }

    private void crashes(Path home, Random random, int times) throws IOException {
        var journal = home.resolve("journal-0");
        for (var crash = 0; crash < times; crash++) {
            var boot = "boot-" + crash;
            var forced = home.resolve("forced-" + crash);
            var later = home.resolve("later-" + crash);
            var open = Journals.open(journal, boot);
            append(open, random, random.nextInt(1500));
            open.appender().force();
            durable = open.appender().durable();
            Journals.copy(journal, forced);
            append(open, random, random.nextInt(1500));
            Journals.copy(journal, later);
            open.abandon();
            journal = home.resolve("journal-" + (crash + 1));
            image(forced, later, journal, random);
            recovers(journal, "boot-" + (crash + 1));
        }
    }

    private void append(ChronicleJournal open, Random random, int entries) {
        // The writer itself forces what lies more than a segment back: go no further, for here all of it counts as
        // unforced.
        var last = (open.appender().newest().index() >>> 32) + 1;
        var left = 200;
        for (var n = 0; n < entries && left > 0; n++) {
            left -= open.appender().newest().index() >>> 32 >= last ? 1 : 0;
            var size = random.nextInt(50) == 0 ? random.nextInt(60_000) : random.nextInt(1500);
            var entry = random.nextInt(5) == 0 ? commit(n) : change(n, "x".repeat(size));
            written.put(Samples.append(open.appender(), entry), entry);
        }
    }

    /** What a disk may hold. */
    private static void image(Path forced, Path later, Path image, Random random) throws IOException {
        try (var paths = Files.walk(later)) {
            for (var path : (Iterable<Path>) paths.sorted()::iterator) {
                var name = later.relativize(path).toString();
                var old = forced.resolve(name);
                if (Files.isDirectory(path)) {
                    Files.createDirectories(image.resolve(name));
                } else if (Files.exists(old)) {
                    Files.write(image.resolve(name), pages(Files.readAllBytes(old), Files.readAllBytes(path), random));
                } else if (random.nextInt(4) != 0) {
                    var bytes = Files.readAllBytes(path);
                    Files.write(image.resolve(name), pages(new byte[bytes.length], bytes, random));
                }
            }
        }
    }

    private static byte[] pages(byte[] old, byte[] fresh, Random random) {
        var kept = random.nextInt(4) * 33;
        var disk = random.nextBoolean() ? fresh.clone() : Arrays.copyOf(old, Math.max(old.length, fresh.length));
        for (var at = 0; at < disk.length; at += PAGE) {
            var source = random.nextInt(100) < kept ? fresh : old;
            Arrays.fill(disk, at, Math.min(disk.length, at + PAGE), (byte) 0);
            if (at < source.length) {
                System.arraycopy(source, at, disk, at, Math.min(PAGE, Math.min(source.length, disk.length) - at));
            }
        }
        return disk;
    }

    private void recovers(Path journal, String boot) throws IOException {
        // a worker may be there before capture
        try (var early = ChronicleJournal.openReadOnly(journal, () -> boot);
                var waiting = early.reader();
                var behind = early.reader()) {
            var before = Journals.drain(waiting);
            check(before);
            var beyond = written.lastKey();
            if (beyond != null && beyond.isAfter(durable)) {
                behind.seekAfter(beyond);
            }
            try (var open = Journals.open(journal, boot)) {
                assertThat(open.appender().newest()).isGreaterThanOrEqualTo(durable);
                assertThat(open.appender().durable()).isEqualTo(open.appender().newest());
                written.tailMap(open.appender().newest(), false).clear();
                var added = new ArrayList<Position>();
                for (var n = 0; n < 100; n++) {
                    added.add(Samples.append(open.appender(), change(n)));
                    written.put(added.get(n), change(n));
                }
                try (var fresh = open.reader()) {
                    assertThat(Journals.drain(fresh)).containsExactlyElementsOf(all());
                    if (durable.isAfter(Position.BEGINNING)) {
                        fresh.seekAfter(durable);
                        assertThat(Journals.drain(fresh))
                                .extracting(Recorded::position)
                                .containsExactlyElementsOf(
                                        written.tailMap(durable, false).keySet());
                    }
                }
                assertThat(Journals.drain(waiting))
                        .extracting(Recorded::position)
                        .endsWith(added.toArray(Position[]::new));
                if (beyond != null && beyond.isAfter(durable)) {
                    assertThat(Journals.drain(behind))
                            .extracting(Recorded::position)
                            .endsWith(added.toArray(Position[]::new));
                }
                open.abandon();
            }
        }
    }

    private List<Recorded> all() {
        return written.entrySet().stream()
                .map(entry -> new Recorded(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** In order, as written, without a gap, and all of it up to what was durable. */
    private void check(List<Recorded> read) {
        var expected = written.entrySet().iterator();
        var last = Position.BEGINNING;
        for (var recorded : read) {
            var entry = expected.next();
            assertThat(recorded).isEqualTo(new Recorded(entry.getKey(), entry.getValue()));
            last = recorded.position();
        }
        assertThat(last).isGreaterThanOrEqualTo(durable);
    }
}
