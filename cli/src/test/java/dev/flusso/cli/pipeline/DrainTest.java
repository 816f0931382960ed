package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainTest {

    private final Drain drain = new Drain();
    private long nanos;

    private void look(long bytes) {
        drain.backlog(bytes, nanos);
        nanos += Duration.ofMillis(500).toNanos();
    }

    @Test
    void tellsByThePaceOfTheLastSeconds() {
        for (var bytes = 10_000; bytes >= 8_000; bytes -= 100) {
            look(bytes);
        }
        assertThat(drain.seconds()).isCloseTo(40.0, org.assertj.core.data.Offset.offset(0.1));
    }

    @Test
    void knowsNothingAtFirstAndWhileTheBacklogGrows() {
        look(1000);
        assertThat(drain.seconds()).isNull();
        for (var i = 0; i < 10; i++) {
            look(1000 + i);
        }
        assertThat(drain.seconds()).isNull();
    }

    @Test
    void nothingLeftIsNoTime() {
        look(0);
        assertThat(drain.seconds()).isZero();
    }

    @Test
    void forgetsAnOldPace() {
        for (var i = 0; i < 20; i++) {
            look(100_000 - i * 1000);
        }
        for (var i = 0; i < 60; i++) {
            look(80_000);
        }
        assertThat(drain.seconds()).isNull();
    }
}
