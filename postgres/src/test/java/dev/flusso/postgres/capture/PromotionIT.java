package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Backend;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import java.sql.SQLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("P9: a promoted standby")
class PromotionIT {

    @Test
    void continuesWhenItHasAllWeSawAndIsAGapWhenItHasLess() throws SQLException {
        try (var primary = PostgresServer.builder().backend(Backend.EMBEDDED).start();
                var bed = new CaptureBed(primary, "promotion").withShop()) {
            bed.live();
            bed.run("insert into users values (1, 'a')");
            bed.changes();
            bed.stop();
            primary.stop();
            try (var standby = PostgresServer.builder()
                    .backend(Backend.EMBEDDED)
                    .standbyOf(primary)
                    .start()) {
                standby.promote();
                bed.moveTo(standby);
                bed.live();
                bed.run("insert into users values (2, 'b')");
                var changes = bed.changes();

                assertThat(bed.gaps()).isEmpty();
                assertThat(changes)
                        .extracting(
                                entry -> ((Entry.Change) entry).transaction().timeline())
                        .containsExactly(1, 2);
                assertThat(bed.journal.identity().orElseThrow().timeline()).isEqualTo(2);

                primary.start();
                bed.moveTo(primary);
                bed.live();
                assertThat(bed.gaps()).extracting(Gap::reason).containsExactly(Gap.Reason.SOURCE_ROLLED_BACK);
            }
        }
    }
}
