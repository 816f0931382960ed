package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.worker.DocumentWrite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkBodyTest {

    /** A connection that takes a few bytes at a time. */
    private static final class Narrow implements ContentEncoder, IOControl {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final Random random;
        private boolean complete;

        Narrow(Random random) {
            this.random = random;
        }

        @Override
        public int write(ByteBuffer source) {
            var most = Math.min(source.remaining(), random.nextInt(20));
            for (var i = 0; i < most; i++) {
                taken.write(source.get());
            }
            return most;
        }

        @Override
        public void complete() {
            complete = true;
        }

        @Override
        public boolean isCompleted() {
            return complete;
        }

        @Override
        public void requestInput() {}

        @Override
        public void suspendInput() {}

        @Override
        public void requestOutput() {}

        @Override
        public void suspendOutput() {}

        @Override
        public void shutdown() {}
    }

    private static String sent(BulkBody body, Random random) throws IOException {
        var connection = new Narrow(random);
        while (!connection.complete) {
            body.produceContent(connection, connection);
        }
        body.close();
        return connection.taken.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isDrawnAsInItsDocumentation() throws IOException {
        var body = BulkBody.of(List.of(
                SinkFixtures.json("1\"\\\n\u0001é", 281474976710661L, "{\"a\":\"ä\"}"),
                new DocumentWrite.Delete("2", 7),
                SinkFixtures.json("3", 8, "{}")));
        assertThat(sent(body, new Random(1))).isEqualTo("""
                        {"index":{"_id":"1\\"\\\\\\u000a\\u0001é","version":281474976710661,"version_type":"external_gte"}}
                        {"a":"ä"}
                        {"delete":{"_id":"2","version":7,"version_type":"external_gte"}}
                        {"index":{"_id":"3","version":8,"version_type":"external_gte"}}
                        {}
                        """);
        assertThat(body.hasGuard()).isFalse();
    }

    @Test
    void guardsABodyOfDeletes() throws IOException {
        var body = BulkBody.of(List.of(new DocumentWrite.Delete("a\"", 7)));
        assertThat(sent(body, new Random(1))).isEqualTo("""
                        {"delete":{"_id":"a\\"","version":7,"version_type":"external_gte"}}
                        {"update":{"_id":"a\\""}}
                        {"doc":{}}
                        """);
        assertThat(body.hasGuard()).isTrue();
    }

    @Test
    void knowsADocumentOfSeveralLines() {
        assertThat(BulkBody.isOneLine(SinkFixtures.json("7", 1, "{}\n{\"delete\":{}}")))
                .isFalse();
        assertThat(BulkBody.isOneLine(SinkFixtures.json("7", 1, "{\"a\":\"\\n\"}")))
                .isTrue();
        assertThat(BulkBody.isOneLine(new DocumentWrite.Delete("a\n", 1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isTheSameOnEveryWay(long seed) throws IOException {
        var random = new Random(seed);
        var writes = new ArrayList<DocumentWrite>();
        var count = 1 + random.nextInt(200);
        for (var i = 0; i < count; i++) {
            var id = "é".repeat(random.nextInt(100)) + i;
            writes.add(
                    random.nextInt(4) == 0
                            ? new DocumentWrite.Delete(id, i)
                            : SinkFixtures.json(id, i, "{\"x\":\"" + "y".repeat(random.nextInt(300)) + "\"}"));
        }
        var body = BulkBody.of(writes);
        var whole = new ByteArrayOutputStream();
        body.writeTo(whole);
        var text = whole.toString(StandardCharsets.UTF_8);
        assertThat(whole.size()).isEqualTo((int) body.getContentLength());
        assertThat(sent(body, random)).isEqualTo(text);
        assertThat(sent(body, random)).as("a second time").isEqualTo(text);
        assertThat(new String(body.getContent().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat((long) whole.size())
                .as("what lanes reckon with")
                .isLessThanOrEqualTo(
                        writes.stream().mapToLong(DocumentWrite::bytes).sum() * 2);
    }
}
