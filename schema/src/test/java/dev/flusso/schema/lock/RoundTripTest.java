package dev.flusso.schema.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.RandomSchemas;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any valid schema comes back from its text as it was, with the same hash. */
class RoundTripTest {

    private static final int SCHEMAS = 300;

    @Test
    void textAndModelAreTheSameThing() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("RoundTripTest: -Dseed=" + seed);
        var seeds = new Random(seed);
        for (int i = 0; i < SCHEMAS; i++) {
            long one = i == 0 ? seed : seeds.nextLong();
            var schema = new RandomSchemas(one).schema();
            var shape = IndexShape.STDOUT;
            var compiled = new CompiledIndex("random", IndexHash.of(schema, shape), shape, schema);
            var text = compiled.text("0.1.0");
            var read = CompiledIndex.parse(text, "random.lane");
            assertThat(read).as("-Dseed=%d", one).isEqualTo(compiled);
            assertThat(read.text("0.1.0")).as("-Dseed=%d", one).isEqualTo(text);
            assertThat(IndexHash.of(read.schema(), shape)).as("-Dseed=%d", one).isEqualTo(compiled.hash());
        }
    }
}
