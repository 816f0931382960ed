package dev.flusso.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LogFilterTest {

    private static final String WARNING = "2026-11-20T10:00:00.000Z WARN  sink failed lane=primary/users attempt=";

    private final LogFilter filter = new LogFilter();

    @Test
    void takesTheDateAway() {
        assertThat(filter.show("2026-11-20T10:00:00.000Z INFO  seeded lane=primary/users documents=7", 0))
                .contains(new LogFilter.Shown(Colour.DIM, "seeded lane=primary/users documents=7"));
    }

    @Test
    void saysTheSameWithOtherNumbersOnlyOnceInAWhile() {
        assertThat(filter.show(WARNING + "1", 0)).isPresent();
        assertThat(filter.show(WARNING + "2", TimeUnit.SECONDS.toNanos(19))).isEmpty();
        assertThat(filter.show(WARNING + "3", TimeUnit.SECONDS.toNanos(20))).isPresent();
    }

    @Test
    void showsWhateverIsNoLogLine() {
        assertThat(filter.show("error: no such thing", 0)).isPresent();
        assertThat(filter.show("", 0)).isEmpty();
    }
}
