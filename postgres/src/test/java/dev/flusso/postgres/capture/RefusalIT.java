package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flusso.capture.CaptureException;
import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.SlotHeldElsewhereException;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.SourceConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** What a person must mend: one message that says what, where and how, and nothing left behind. */
class RefusalIT {

    private CaptureBed bed;

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "refusal").withShop();
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    private <E extends CaptureException> E refusal(Class<E> kind) {
        return catchThrowableOfType(kind, () -> bed.until("a refusal", () -> false));
    }

    private void noSlotIsLeft() {
        assertThat(bed.one("select count(*) from pg_replication_slots where slot_name = 'refusal'"))
                .isEqualTo("0");
        assertThat(bed.journal.identity()).isEmpty();
        assertThat(bed.capture.status().phase()).isEqualTo(CapturePhase.ENDED);
    }

    @Test
    void saysThatWalLevelIsTooLow() throws SQLException {
        try (var server =
                        PostgresServer.builder().setting("wal_level", "replica").start();
                var low = new CaptureBed(server, "low").withShop()) {
            var refusal =
                    catchThrowableOfType(SourceNotUsableException.class, () -> low.until("a refusal", () -> false));

            assertThat(refusal)
                    .hasMessageContaining("'wal_level'")
                    .hasMessageContaining("'replica'")
                    .hasMessageContaining("ALTER SYSTEM SET wal_level = logical");
            assertThat(refusal.exitCode()).isEqualTo(4);
            assertThat(low.one("select count(*) from pg_publication")).isEqualTo("0");
        }
    }

    @Test
    void saysThatThePasswordIsWrongAndDoesNotPrintIt() throws SQLException {
        try (var server = PostgresServer.builder().password("right one").start();
                var guarded = new CaptureBed(server, "guarded").withShop()) {
            guarded.password = "wrong one";
            guarded.capture = guarded.make();
            var refusal =
                    catchThrowableOfType(SourceNotUsableException.class, () -> guarded.until("a refusal", () -> false));

            assertThat(refusal).hasMessageContaining("password").hasMessageNotContaining("wrong one");
            assertThat(guarded.capture.status().toString()).doesNotContain("wrong one");
        }
    }

    @Test
    void saysThatTheDatabaseIsNotThere() {
        bed.run("drop table users, orders");
        var nowhere = new dev.flusso.postgres.PostgresAddress(
                bed.server.host(), bed.server.port(), bed.user, bed.password, "nowhere", new Properties());
        var source = CaptureBed.source(nowhere, bed.policy);

        var refusal = catchThrowableOfType(SourceNotUsableException.class, source::connect);

        assertThat(refusal).hasMessageContaining("\"nowhere\"").hasMessageContaining("create the database");
    }

    @Test
    void printsTheSqlWhenThePublicationMayNotBeCreated() {
        bed.policy = new ProvisionPolicy(
                "refusal", "flusso", false, SourceConfig.ReplicaIdentity.MANAGE, SourceConfig.Publish.ROWS);
        bed.restart();

        var refusal = refusal(SourceNotUsableException.class);

        assertThat(refusal)
                .hasMessageContaining("ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL; ")
                .hasMessageContaining(
                        "CREATE PUBLICATION \"flusso\" FOR TABLE ONLY \"public\".\"orders\", ONLY \"public\".\"users\"");
        noSlotIsLeft();
        assertThat(bed.one("select relreplident from pg_class where relname = 'orders'"))
                .isEqualTo("d");
        var advice = String.valueOf(refusal.getMessage());
        bed.run(advice.substring(advice.indexOf("run: ") + 5));
        bed.capture = bed.make();
        bed.live();
    }

    @Test
    void refusesToPublishOnlyKeysWhereTheServerCannot() {
        assumeTrue(Integer.parseInt(bed.one("show server_version_num")) < 150_000, "the server can");
        bed.policy = new ProvisionPolicy(
                "refusal", "flusso", true, SourceConfig.ReplicaIdentity.MANAGE, SourceConfig.Publish.KEYS);
        bed.restart();

        var refusal = refusal(SourceNotUsableException.class);

        assertThat(refusal).hasMessageContaining("'source.publish' is 'keys'").hasMessageContaining("Postgres 15");
        assertThat(refusal.exitCode()).isEqualTo(4);
        noSlotIsLeft();
        assertThat(bed.one("select count(*) from pg_publication")).isEqualTo("0");
    }

    @Test
    void printsTheSqlWhenTheRoleOwnsNothing() {
        bed.run("drop role if exists poor; create role poor login replication password 'p'");
        bed.user = "poor";
        bed.password = "p";
        bed.restart();

        var refusal = refusal(SourceNotUsableException.class);

        assertThat(refusal).hasMessageContaining("permission denied").hasMessageContaining("CREATE PUBLICATION");
        noSlotIsLeft();
    }

    @Test
    void saysThatTheRoleMayNotReplicate() {
        bed.run("create publication flusso for table users, orders; alter table orders replica identity full");
        bed.run("drop role if exists meek; create role meek login password 'p'");
        bed.user = "meek";
        bed.password = "p";
        bed.restart();

        var refusal = refusal(SourceNotUsableException.class);

        assertThat(refusal).hasMessageContaining("ALTER ROLE \"meek\" REPLICATION");
        assertThat(bed.one("select count(*) from pg_replication_slots where slot_name = 'refusal'"))
                .isEqualTo("0");
    }

    @Test
    void blocksOnlyTheTableItMayNotTouch() {
        bed.run("create publication flusso for table users");
        bed.run("drop role if exists guest; create role guest login replication password 'p'");
        bed.user = "guest";
        bed.password = "p";
        bed.restart();
        bed.until("coverage", () -> bed.journal.appender().coverage().isPresent());

        var coverage = bed.journal.appender().coverage().orElseThrow();
        assertThat(coverage.holds(CaptureBed.need("users", "id"))).isTrue();
        assertThat(coverage.missing(bed.needs)).containsExactly("public.orders: not in the stream");
        assertThat(bed.capture.status().blockers())
                .extracting(dev.flusso.capture.Blocker::remedy)
                .containsExactly(
                        "ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL",
                        "ALTER PUBLICATION \"flusso\" ADD TABLE ONLY \"public\".\"orders\"");
        bed.capture.status().blockers().forEach(blocker -> bed.run(blocker.remedy()));
        bed.live();
    }

    @Test
    void namesWhoReadsTheSlot() throws SQLException {
        bed.live();
        bed.stop();
        // held here: the driver closes a connection nobody refers to any more
        try (var connection = replicating();
                var other = held(connection)) {
            bed.capture = bed.make();
            var refusal = catchThrowableOfType(
                    SlotHeldElsewhereException.class,
                    () -> bed.until("a refusal", () -> {
                        report(other);
                        return false;
                    }));

            assertThat(refusal).hasMessageContaining("slot 'refusal'").hasMessageContaining("PID");
            assertThat(refusal.exitCode()).isEqualTo(7);
        }
    }

    private static void report(PGReplicationStream stream) {
        try {
            stream.forceUpdateStatus();
            var ignored = stream.readPending();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection replicating() throws SQLException {
        var properties = bed.address().properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        return DriverManager.getConnection(bed.address().jdbcUrl(), properties);
    }

    private static PGReplicationStream held(Connection connection) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName("refusal")
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", "flusso")
                .withStatusInterval(1, TimeUnit.SECONDS)
                .start();
    }
}
