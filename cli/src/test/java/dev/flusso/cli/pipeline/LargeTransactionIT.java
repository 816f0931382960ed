package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One transaction that is larger than the memory. */
final class LargeTransactionIT {

    /** A million is for {@code -Dflusso.rows=1000000}. */
    private static final int ROWS = Integer.getInteger("flusso.rows", 100_000);

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    @DisplayName("P11 one large transaction streams through capture with 128 MiB of heap, and arrives whole")
    void streamsThrough() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "large", SharedServers.search().url(), folder)) {
            day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 40) i");
            var capture = day.start("capture");
            var work = day.start("work", "--sink", "primary");
            day.awaitTrue(SOON);
            assertThat(Files.readString(Path.of("/proc/" + capture.pid() + "/cmdline")))
                    .contains("-Xmx128m");

            day.sql("INSERT INTO orders (user_id, status, total)"
                    + " SELECT 1 + i % 40, 's', i FROM generate_series(1, " + ROWS + ") i");
            Eventually.within(SOON.plusMillis(ROWS / 10))
                    .until("every row to be captured\n" + day.logs(), () -> changes(day) >= ROWS);
            day.awaitTrue(SOON);
            var here = day.value("SELECT pg_current_wal_lsn()");
            Eventually.within(SOON)
                    .until(
                            "the slot to pass\n" + day.logs(),
                            () -> day.value("SELECT confirmed_flush_lsn >= '" + here
                                            + "' FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'")
                                    .equals("t"));
            assertThat(capture.isAlive()).isTrue();
            assertThat(work.isAlive()).isTrue();
        }
    }

    private static long changes(FirstDay day) throws Exception {
        var status = FirstDay.http(day.capturePort, "/status").substring("200 ".length());
        return FirstDay.JSON.readTree(status).path("changes_captured").asLong();
    }
}
