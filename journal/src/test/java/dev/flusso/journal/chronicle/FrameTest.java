package dev.flusso.journal.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Image;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.RandomEntries;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Samples;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTest {

    private static final Transaction TRANSACTION =
            new Transaction(2, 731, Lsn.parse("0/1A2B3C8"), 1_700_000_000_123_456L);
    private static final TableName TABLE = TableName.of("public", "orders");

    private final FrameWriter writer = new FrameWriter();
    private final FrameReader reader = new FrameReader();

    @Test
    void everyEntryComesBackAsItWas() throws Exception {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        System.out.println("FrameTest seed " + seed + " (-Dflusso.seed)");
        var entries = new RandomEntries(seed);
        for (var n = 0; n < 5_000; n++) {
            var entry = entries.next();
            writer.entry(entry);
            writer.seal(n);
            var read = reader.entry(writer.bytes(), writer.length());
            if (FrameReader.seq(writer.bytes()) != n || !read.equals(entry)) {
                assertThat(read).as("seed %d, entry %d", seed, n).isEqualTo(entry);
            }
        }
    }

    @Test
    void headsComeBackAsTheyWere() throws Exception {
        var at = new Position(3, 17);
        var full = new SegmentHead(
                at,
                Lsn.of(99),
                -5,
                new Recorded(at, Samples.coverage(1, at, "id", "user_id")),
                new Recorded(new Position(3, 1L << 32 | 4), Samples.heartbeat(4, at)));
        for (var head : List.of(SegmentHead.FIRST, full)) {
            writer.head(head);
            writer.seal(0);
            assertThat(reader.head(writer.bytes(), writer.length())).isEqualTo(head);
        }
    }

    /** Bytes that stand on users' disks: if one of these fails, make a new version of the frame, do not mend the test. */
    static Stream<Arguments> bytesOnDisk() {
        return Stream.of(
                Arguments.of(
                        new Entry.Change(
                                TRANSACTION,
                                Lsn.parse("0/1A2B300"),
                                Entry.Operation.UPDATE,
                                TABLE,
                                Image.of(Cell.text("id", "4", true)),
                                Image.of(
                                        Cell.text("id", "5", true),
                                        Cell.ofNull("user_id", false),
                                        Cell.unchanged("größe", false))),
                        "ff83931c01010700000000b3a201000000000102db0590038089818283898506067075626c696306"
                                + "6f726465727301050269640134030502696401350007757365725f696402076772c3b6c39f65"),
                Arguments.of(
                        new Entry.Commit(TRANSACTION, Lsn.parse("0/1A2B400"), 300),
                        "d93ad25903010700000000b4a2010000000002db056f8089818283898506ac02"),
                Arguments.of(
                        new Entry.Progress(Lsn.parse("1/0"), new Position(2, 1L << 32 | 300)),
                        "7fd26e9b04010700000000000000010000000201ac02"),
                Arguments.of(
                        new Entry.Heartbeat(
                                Lsn.of(5), Instant.parse("2026-01-02T03:04:05.000000678Z"), new Position(1, 2)),
                        "317928380501070000000500000000000000010002cad6b9950da605"),
                Arguments.of(
                        new Entry.Truncate(TRANSACTION, Lsn.of(6), new TreeSet<>(List.of(TABLE)), new TreeSet<>()),
                        "12a097ab020107000000060000000000000002db0584cf951a808981828389850601067075626c69"
                                + "63066f726465727300"),
                Arguments.of(
                        Samples.coverage(1, new Position(1, 2), "id", "user_id"),
                        "493441ca060107000000e80300000000000001000201067075626c6963066f726465727302026964"
                                + "07757365725f696401026964"),
                Arguments.of(
                        new Entry.CatalogChange(Lsn.of(8), TABLE, "column x added"),
                        "02cdc8550701070000000800000000000000067075626c6963066f72646572730e636f6c756d6e20"
                                + "78206164646564"),
                Arguments.of(
                        new Entry.Missing(
                                Lsn.of(9), new Gap(Gap.Reason.TABLE_CHANGED, new TreeSet<>(List.of(TABLE)), "retyped")),
                        "3f738c5608010700000009000000000000000801067075626c6963066f72646572730772657479706564"));
    }

    @ParameterizedTest
    @MethodSource("bytesOnDisk")
    void framesOnDiskStayReadable(Entry entry, String hex) throws Exception {
        var bytes = HexFormat.of().parseHex(hex);
        writer.entry(entry);
        writer.seal(7);
        assertThat(HexFormat.of().formatHex(Arrays.copyOf(writer.bytes(), writer.length())))
                .isEqualTo(hex);
        assertThat(reader.entry(bytes, bytes.length)).isEqualTo(entry);
    }

    @Test
    void refusesByNameWhatIsTooLarge() {
        var entry = Samples.change(4, "x".repeat(FrameWriter.MAX_FRAME_BYTES));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> writer.entry(entry))
                .withMessageContaining("public.orders")
                .withMessageContaining(entry.lsn().toString())
                .withMessageContaining(Integer.toString(FrameWriter.MAX_FRAME_BYTES));
    }

    @Test
    void refusesFramesOfAnotherRelease() {
        writer.entry(Samples.change(1));
        writer.seal(1);
        writer.bytes()[5] = 2;
        assertThatExceptionOfType(FrameReader.UnreadableFrameException.class)
                .isThrownBy(() -> reader.entry(writer.bytes(), writer.length()))
                .withMessageContaining("version 2");
        writer.bytes()[5] = 1;
        writer.bytes()[4] = 33;
        assertThatExceptionOfType(FrameReader.UnreadableFrameException.class)
                .isThrownBy(() -> reader.entry(writer.bytes(), writer.length()))
                .withMessageContaining("type 33");
    }
}
