package dev.flusso.postgres.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.capture.StreamEvent;
import dev.flusso.capture.Timelines;
import dev.flusso.capture.Tuple;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PgoutputDecoderTest {

    private static final Lsn LSN = Lsn.parse("16/B374D848");

    /** Writes messages as the server does. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        private interface Writing {
            void write(DataOutputStream out) throws IOException;
        }

        Message(char tag) {
            write(o -> o.writeByte(tag));
        }

        private Message write(Writing writing) {
            try {
                writing.write(out);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return this;
        }

        Message one(int value) {
            return write(o -> o.writeByte(value));
        }

        Message two(int value) {
            return write(o -> o.writeShort(value));
        }

        Message four(int value) {
            return write(o -> o.writeInt(value));
        }

        Message eight(long value) {
            return write(o -> o.writeLong(value));
        }

        Message text(String value) {
            return write(o -> {
                o.write(value.getBytes(StandardCharsets.UTF_8));
                o.writeByte(0);
            });
        }

        /** {@code "u"} alone stands for an unchanged large value. */
        Message tuple(char kind, @Nullable String... values) {
            one(kind).two(values.length);
            for (var value : values) {
                if (value == null) {
                    one('n');
                } else if (value.equals("u")) {
                    one('u');
                } else {
                    var utf = value.getBytes(StandardCharsets.UTF_8);
                    one('t').four(utf.length).write(o -> o.write(utf));
                }
            }
            return this;
        }

        /** In the middle of an array, as the driver hands it out. */
        StreamEvent decoded() {
            var body = bytes.toByteArray();
            var array = new byte[body.length + 30];
            System.arraycopy(body, 0, array, 25, body.length);
            return PgoutputDecoder.decode(
                    ByteBuffer.wrap(array, 25, body.length).slice(), LSN);
        }
    }

    @Test
    void readsBeginAndCommit() {
        assertThat(new Message('B').eight(LSN.value()).eight(1).four(-5).decoded())
                .isEqualTo(new StreamEvent.Begin(LSN, 946_684_800_000_001L, -5));
        assertThat(new Message('C').one(0).eight(5).eight(6).eight(1).decoded())
                .isEqualTo(new StreamEvent.Commit(Lsn.of(5), Lsn.of(6)));
    }

    @Test
    void readsARelation() {
        var message =
                new Message('R').four(-2).text("public").text("Gerät").one('d').two(2);
        message.one(1)
                .text("id")
                .four(20)
                .four(-1)
                .one(0)
                .text("naïve")
                .four(25)
                .four(-1);

        var relation = (StreamEvent.Relation) message.decoded();

        assertThat(relation.oid()).isEqualTo(-2);
        assertThat(relation.table()).isEqualTo(TableName.of("public", "Gerät"));
        assertThat(relation.identity()).isEqualTo('d');
        assertThat(relation.columns())
                .containsExactly(new StreamEvent.Column("id", true, 20), new StreamEvent.Column("naïve", false, 25));
    }

    @Test
    void readsAnEmptySchemaAsTheCatalogs() {
        var relation = (StreamEvent.Relation)
                new Message('R').four(1).text("").text("t").one('f').two(0).decoded();

        assertThat(relation.table()).isEqualTo(TableName.of("pg_catalog", "t"));
    }

    @Test
    void readsAnInsert() {
        var row = (StreamEvent.Row)
                new Message('I').four(7).tuple('N', "1", null, "", "ä€").decoded();

        assertThat(row.operation()).isEqualTo(Entry.Operation.INSERT);
        assertThat(row.lsn()).isEqualTo(LSN);
        assertThat(row.oid()).isEqualTo(7);
        assertThat(row.before()).isNull();
        var after = Objects.requireNonNull(row.after());
        assertThat(after.size()).isEqualTo(4);
        assertThat(after.value(0)).isEqualTo(new Cell.Value.Text("1"));
        assertThat(after.value(1)).isEqualTo(Cell.NULL);
        assertThat(after.value(2)).isEqualTo(new Cell.Value.Text(""));
        assertThat(after.value(3)).isEqualTo(new Cell.Value.Text("ä€"));
    }

    @Test
    void readsUpdatesWithAKeyAnOldRowOrNeither() {
        var plain =
                (StreamEvent.Row) new Message('U').four(7).tuple('N', "1", "u").decoded();
        var key = (StreamEvent.Row) new Message('U')
                .four(7)
                .tuple('K', "1", null)
                .tuple('N', "2", "x")
                .decoded();
        var full = (StreamEvent.Row) new Message('U')
                .four(7)
                .tuple('O', "1", "w")
                .tuple('N', "2", "x")
                .decoded();

        assertThat(plain.before()).isNull();
        assertThat(value(plain.after(), 1)).isEqualTo(Cell.UNCHANGED);
        assertThat(key.beforeIsKey()).isTrue();
        assertThat(value(key.before(), 0)).isEqualTo(new Cell.Value.Text("1"));
        assertThat(value(key.after(), 0)).isEqualTo(new Cell.Value.Text("2"));
        assertThat(full.beforeIsKey()).isFalse();
        assertThat(value(full.before(), 1)).isEqualTo(new Cell.Value.Text("w"));
    }

    private static Cell.Value value(@Nullable Tuple tuple, int column) {
        return Objects.requireNonNull(tuple).value(column);
    }

    @Test
    void readsDeletes() {
        var key =
                (StreamEvent.Row) new Message('D').four(7).tuple('K', "1", null).decoded();
        var full =
                (StreamEvent.Row) new Message('D').four(7).tuple('O', "1", "w").decoded();

        assertThat(key.operation()).isEqualTo(Entry.Operation.DELETE);
        assertThat(key.beforeIsKey()).isTrue();
        assertThat(key.after()).isNull();
        assertThat(full.beforeIsKey()).isFalse();
    }

    @Test
    void readsTruncateMessageAndWhatDoesNotConcernUs() {
        assertThat(new Message('T').four(2).one(3).four(7).four(8).decoded())
                .isEqualTo(new StreamEvent.Truncate(LSN, java.util.List.of(7, 8)));
        assertThat(new Message('M')
                        .one(1)
                        .eight(9)
                        .text("flusso")
                        .four(2)
                        .one('h')
                        .one('i')
                        .decoded())
                .isEqualTo(new StreamEvent.Message(Lsn.of(9), "flusso", "hi"));
        assertThat(new Message('Y').four(1).text("public").text("mood").decoded())
                .isEqualTo(new StreamEvent.Other('Y'));
        assertThat(new Message('O').eight(1).text("origin").decoded()).isEqualTo(new StreamEvent.Other('O'));
    }

    @Test
    void refusesWhatItDoesNotKnowByNameAndPlace() {
        assertThatThrownBy(() -> new Message('S').four(1).decoded())
                .hasMessageContaining("'S'")
                .hasMessageContaining("16/B374D848");
        assertThatThrownBy(
                        () -> new Message('I').four(1).one('N').two(1).one('b').decoded())
                .hasMessageContaining("'b'");
        assertThatThrownBy(() -> new Message('D').four(1).tuple('X', "1").decoded())
                .hasMessageContaining("'X'");
    }

    @Test
    void readsATimelineHistoryInBothSpellings() {
        var ends = java.util.List.of(
                new Timelines.End(1, Lsn.parse("0/3000000")), new Timelines.End(2, Lsn.parse("1/A0")));
        assertThat(ReplicationConnection.parse(
                        "1\t0/3000000\tno recovery target specified\n\n2\t1/A0\tbefore 2000-01-01\n"))
                .isEqualTo(ends);
        assertThat(ReplicationConnection.parse("\\x3109302f330a")).hasSize(1);
    }
}
