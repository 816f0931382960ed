package dev.flusso.schema.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.ConfigException;
import dev.flusso.schema.RandomSchemas;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.mapping.IndexBody;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any valid schema comes back from its text as it was, with the same hash and mapping. */
class RoundTripTest {

    private static final int SCHEMAS = 300;
    private static final int DAMAGES = 400;

    @Test
    void textAndModelAreTheSameThing() {
        var seeds = new Seeds();
        var sink = sink();
        for (int i = 0; i < SCHEMAS; i++) {
            long one = seeds.next();
            var schema = new RandomSchemas(one).schema();
            var shape = IndexShape.STDOUT;
            var compiled = new CompiledIndex("random", IndexHash.of(schema, shape), shape, schema);
            var text = compiled.text("0.1.0");
            var read = CompiledIndex.parse(text, "random.lane");
            assertThat(read).as("-Dseed=%d", one).isEqualTo(compiled);
            assertThat(read.text("0.1.0")).as("-Dseed=%d", one).isEqualTo(text);
            assertThat(IndexHash.of(read.schema(), shape)).as("-Dseed=%d", one).isEqualTo(compiled.hash());
            assertThat(IndexBody.of(read.schema(), sink))
                    .as("-Dseed=%d", one)
                    .hasToString(IndexBody.of(schema, sink).toString());
            assertThat(read.schema().needs()).as("-Dseed=%d", one).isEqualTo(schema.needs());
        }
    }

    @Test
    void nothingThatWasCutOffOrChangedIsReadAsALock() {
        var seeds = new Seeds();
        var lock = new Lock(ConfigFiles.load(Path.of("src/test/resources/whole/flusso.toml")), "0.1.0");
        var text = lock.text();
        int head = text.indexOf('{');
        for (int i = 0; i < DAMAGES; i++) {
            var random = new Random(seeds.next());
            int at = random.nextInt(text.length() - 1);
            var cut = text.substring(0, at);
            assertThatThrownBy(() -> Lock.parse(cut, "flusso.lock"))
                    .as("cut off at %d", at)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("flusso.lock: ")
                    .hasMessageContaining("build it anew with 'flusso build'");
            int spot = head + random.nextInt(text.length() - head);
            char other = (char) ('!' + random.nextInt(90));
            if (text.charAt(spot) != other) {
                var edited = text.substring(0, spot) + other + text.substring(spot + 1);
                assertThatThrownBy(() -> Lock.parse(edited, "flusso.lock"))
                        .as("changed at %d to %s", spot, other)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("the lock ");
            }
        }
        assertThat(Lock.parse(text, "flusso.lock")).isEqualTo(lock);
    }

    private static SinkConfig.OpenSearch sink() {
        return (SinkConfig.OpenSearch) ConfigFiles.load(Path.of("src/test/resources/whole/flusso.toml"))
                .sinks()
                .get(0);
    }

    /** Printed, and to be replayed: the first is the one given. */
    private static final class Seeds {
        private final long first = Long.getLong("seed", new Random().nextLong());
        private final Random others = new Random(first);
        private boolean begun;

        Seeds() {
            System.out.println("RoundTripTest: -Dseed=" + first);
        }

        long next() {
            if (begun) {
                return others.nextLong();
            }
            begun = true;
            return first;
        }
    }
}
