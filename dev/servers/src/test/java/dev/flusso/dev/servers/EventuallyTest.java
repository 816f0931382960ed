package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void asksUntilTheValueIsLiked() {
        var asked = new AtomicInteger();
        assertThat(Eventually.within(Duration.ofSeconds(10)).value("four", asked::incrementAndGet, value -> value == 4))
                .isEqualTo(4);
    }

    @Test
    void takesFailuresForNotYet() {
        var asked = new AtomicInteger();
        Eventually.within(Duration.ofSeconds(10)).passes("the third time", () -> {
            if (asked.incrementAndGet() < 3) {
                throw new IOException("not yet");
            }
        });
        assertThat(asked).hasValue(3);
    }

    @Test
    void asksOnceMoreAtTheDeadlineAndSaysWhatItSaw() {
        assertThatThrownBy(() -> Eventually.within(SHORT).value("a seven", () -> 6, value -> value == 7))
                .isInstanceOf(AssertionError.class)
                .hasMessage("waited 30 ms in vain for a seven; last seen: 6");
        assertThatThrownBy(() -> Eventually.within(SHORT).until("a miracle", () -> {
                    throw new IOException("no");
                }))
                .hasMessage("waited 30 ms in vain for a miracle; last failure: java.io.IOException: no")
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> Eventually.within(Duration.ZERO).until("anything", () -> false))
                .hasMessageContaining("anything");
    }

    @Test
    void endsWhenInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Eventually.within(Duration.ofMinutes(1)).until("anything", () -> false))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
