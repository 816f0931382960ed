package dev.flusso.worker.stdout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Literal;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StdoutSinkTest {

    private static final Place PLACE = new Place("flusso.toml", 1, 1);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T09:15:31Z"));

    private final Bytes bytes = new Bytes();

    /** A channel that takes a few bytes at a time, and fails when told to. */
    private static final class Bytes implements WritableByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;
        private String failure = "No space left on device";

        @Override
        public int write(ByteBuffer source) throws IOException {
            var most = Math.min(Math.min(7, room), source.remaining());
            if (most == 0) {
                throw new IOException(failure);
            }
            for (var i = 0; i < most; i++) {
                taken.write(source.get());
            }
            room -= most;
            return most;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }
    }

    private SinkIndex index(boolean pretty, WritableByteChannel channel) {
        return index(StdoutSink.open(new SinkConfig.Stdout("out", pretty, PLACE), channel, CLOCK), "users");
    }

    private static SinkIndex index(StdoutSink sink, String name) {
        var schema = new DocumentSchema(
                new TableRef("public", name),
                List.of("id"),
                null,
                List.of(),
                List.of(new Field.Constant("x", new Literal.Bool(true), PLACE)),
                PLACE);
        return sink.index(new IndexConfig(name, true, OnError.STOP, schema, PLACE));
    }

    private static DocumentWrite upsert(String id, String json) {
        return new DocumentWrite.Upsert(id, 5, json.getBytes(StandardCharsets.UTF_8));
    }

    private static SinkException failure(SinkIndex index, DocumentWrite write) throws InterruptedException {
        try {
            throw new AssertionError(index.write("users", List.of(write)).get());
        } catch (ExecutionException e) {
            return (SinkException) Objects.requireNonNull(e.getCause());
        }
    }

    @Test
    void writesOneObjectOnALine() {
        var users = index(false, bytes);
        assertThat(users.write(
                                "users",
                                List.of(
                                        upsert(
                                                "7\"\\\n",
                                                "{\"name\": \"A:{\\\"}\", \"n\":1.500,\"o\":{\"a\":1,\"b\":[{\"c\":2}]}}"),
                                        new DocumentWrite.Delete("ä", 5),
                                        upsert("", "{}")))
                        .join())
                .containsExactly(new Outcome.Written(), new Outcome.Written(), new Outcome.Written());
        assertThat(bytes.text()).isEqualTo("""
                        {"sink":"out","version":1,"ts":"2026-11-20T09:15:31.000Z","seq":1,"index":"users","op":"upsert","id":"7\\"\\\\\\u000a","meta":{"fields":3,"bytes":55},"document":{"name": "A:{\\"}", "n":1.500,"o":{"a":1,"b":[{"c":2}]}}}
                        {"sink":"out","version":1,"ts":"2026-11-20T09:15:31.000Z","seq":2,"index":"users","op":"delete","id":"ä"}
                        {"sink":"out","version":1,"ts":"2026-11-20T09:15:31.000Z","seq":3,"index":"users","op":"upsert","id":"","meta":{"fields":0,"bytes":2},"document":{}}
                        """);
    }

    @Test
    void indentsWhenAsked() {
        index(true, bytes)
                .write(
                        "users",
                        List.of(
                                upsert("1", "{\"a\": [1.50, \"x, {y: z\\\\\"],\"b\":{},\"c\":[ ],\"d\":null}"),
                                new DocumentWrite.Delete("2", 5)))
                .join();
        assertThat(bytes.text()).isEqualTo("""
                        {
                          "sink": "out",
                          "version": 1,
                          "ts": "2026-11-20T09:15:31.000Z",
                          "seq": 1,
                          "index": "users",
                          "op": "upsert",
                          "id": "1",
                          "meta": {
                            "fields": 4,
                            "bytes": 51
                          },
                          "document": {
                            "a": [
                              1.50,
                              "x, {y: z\\\\"
                            ],
                            "b": {},
                            "c": [],
                            "d": null
                          }
                        }
                        {
                          "sink": "out",
                          "version": 1,
                          "ts": "2026-11-20T09:15:31.000Z",
                          "seq": 2,
                          "index": "users",
                          "op": "delete",
                          "id": "2"
                        }
                        """);
    }

    @Test
    void countsTheLinesOfAllItsIndexes() {
        var sink = StdoutSink.open(new SinkConfig.Stdout("out", false, PLACE), bytes, CLOCK);
        index(sink, "users")
                .write("users", List.of(new DocumentWrite.Delete("1", 1)))
                .join();
        index(sink, "orders")
                .write("orders", List.of(new DocumentWrite.Delete("1", 1)))
                .join();
        assertThat(bytes.text().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"seq\":1,\"index\":\"users\""),
                        line -> assertThat(line).contains("\"seq\":2,\"index\":\"orders\""));
    }

    @Test
    void writesDocumentsLargerThanItsBuffer() {
        var writes = new ArrayList<DocumentWrite>();
        for (var i = 0; i < 20; i++) {
            writes.add(upsert("" + i, "{\"x\":\"" + "ä".repeat(i * 4000) + "\"}"));
        }
        index(false, bytes).write("users", writes).join();
        assertThat(bytes.text().lines())
                .hasSize(20)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{\"sink\"")
                        .endsWith("ä\"}}".substring(line.contains("\"seq\":1,") ? 1 : 0)));
    }

    @Test
    @DisplayName("a reader that has gone is noticed, by a real pipe")
    void noticesABrokenPipe() throws IOException, InterruptedException {
        var pipe = Pipe.open();
        var users = index(false, pipe.sink());
        users.write("users", List.of(new DocumentWrite.Delete("1", 1))).join();
        pipe.source().close();
        assertThat(failure(users, new DocumentWrite.Delete("2", 1)).kind()).isEqualTo(SinkException.Kind.CLOSED);
        assertThat(failure(users, new DocumentWrite.Delete("2", 1)).kind()).isEqualTo(SinkException.Kind.CLOSED);
    }

    @Test
    void startsANewLineAfterOneThatWasTorn() throws InterruptedException {
        var users = index(false, bytes);
        bytes.room = 10;
        assertThat(failure(users, new DocumentWrite.Delete("1", 1)).kind()).isEqualTo(SinkException.Kind.UNAVAILABLE);
        assertThat(failure(users, new DocumentWrite.Delete("1", 1)).kind()).isEqualTo(SinkException.Kind.UNAVAILABLE);
        bytes.room = Integer.MAX_VALUE;
        users.write("users", List.of(new DocumentWrite.Delete("1", 1))).join();
        assertThat(bytes.text().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("{\"sink\":\"o"),
                        line -> assertThat(line).startsWith("{").endsWith("\"id\":\"1\"}"));
    }

    @Test
    void leavesNoEmptyLineWhereNothingWasTorn() throws InterruptedException {
        var users = index(false, bytes);
        users.write("users", List.of(new DocumentWrite.Delete("1", 1))).join();
        bytes.room = 0;
        assertThat(failure(users, new DocumentWrite.Delete("2", 1)).kind()).isEqualTo(SinkException.Kind.UNAVAILABLE);
        bytes.room = Integer.MAX_VALUE;
        users.write("users", List.of(new DocumentWrite.Delete("2", 1))).join();
        assertThat(bytes.text().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("{"));
    }

    @Test
    void hasOneGenerationThatIsAlwaysServed() {
        var users = index(false, bytes);
        assertThat(users.hasGenerations()).isFalse();
        assertThat(users.generations()).singleElement().satisfies(only -> {
            assertThat(only.served()).isTrue();
            assertThat(only).isEqualTo(users.create(1));
        });
        assertThatCode(() -> {
                    users.serve("users");
                    users.endSeeding("users");
                    users.refresh("users").join();
                    users.drop("users");
                })
                .doesNotThrowAnyException();
        assertThat(bytes.text()).isEmpty();
    }
}
