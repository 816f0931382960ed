package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.HttpsGate;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SelfSigned;
import dev.flusso.dev.servers.SharedServers;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How flusso is let in: TLS, passwords, certificates, addresses, and with no more rights than docs/how-to/deploy.md names. */
final class SecuredIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PASSWORD = "p@:/%w?#[ä";
    /** {@code ::1}. */
    private static final byte[] ONE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static final Pattern STATEMENT = Pattern.compile("(?ms)^\\s*((?:CREATE|ALTER) .*?;)$");

    @TempDir
    static Path certificates;

    @TempDir
    Path folder;

    private static PostgresServer postgres;
    private static SelfSigned client;

    @BeforeAll
    static void start() {
        client = SelfSigned.client(certificates, "flusso_cert", "EC");
        postgres = PostgresServer.builder()
                .tlsOnly()
                .password("only the tests' own")
                .setting("listen_addresses", "127.0.0.1,::1")
                .setting("ssl_ca_file", client.certificate().toString())
                .start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(postgres, database, SharedServers.search().url(), folder);
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 50) i",
                "INSERT INTO orders (user_id, status, total) SELECT i, 's', i FROM generate_series(1, 50) i");
        return day;
    }

    /** The address of the server by {@code host}, over TLS, trusting its certificate alone. */
    private static String url(String login, String host, String database, String mode) {
        return "postgres://" + login + "@" + host + ":" + postgres.port() + "/" + database + "?sslmode=" + mode
                + "&sslrootcert=" + postgres.certificate().orElseThrow();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A role with what docs/how-to/deploy.md names, and no more. */
    private static void role(FirstDay day, String name) throws SQLException {
        day.sql(
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + name + "') THEN CREATE ROLE "
                        + name + " LOGIN REPLICATION PASSWORD '" + PASSWORD + "'; END IF; END $$",
                "GRANT SELECT ON users, orders TO " + name);
    }

    /** Runs, as the tables' owner, what {@code flusso check} prints for somebody who may. */
    private static void doAsCheckSays(FirstDay day) throws Exception {
        var check = day.start("check", "--manage-publication", "false");
        assertThat(check.waitForExit(SOON)).as(check.lastLines(60)).isEqualTo(3);
        var statements = STATEMENT.matcher(check.output(OutputLine.Channel.OUT));
        while (statements.find()) {
            day.sql(statements.group(1));
        }
        var again = day.start("check", "--manage-publication", "false");
        assertThat(again.waitForExit(SOON)).as(again.lastLines(60)).isZero();
    }

    private static void everyChangeArrives(FirstDay day) throws Exception {
        day.awaitTrue(SOON);
        day.sql("UPDATE orders SET user_id = 2 WHERE user_id = 1", "DELETE FROM users WHERE id = 3");
        day.awaitTrue(SOON);
        assertThat(day.indexed()).hasSize(49);
    }

    @Test
    @DisplayName(
            "C26 TLS only, verify-full, a password of odd characters, IPv6, and the least rights: Postgres and OpenSearch")
    void letInOverTlsByPasswordsAtIpv6() throws Exception {
        var door = Files.createDirectory(folder.resolve("door"));
        try (var gate = HttpsGate.open(
                        SharedServers.search(), InetAddress.getByAddress(ONE), door, "admin", "s3cret-of-the-index");
                var day = day("secured")) {
            role(day, "flusso_least");
            day.config(
                    "url = \"" + SharedServers.search().url() + "\"",
                    "url = \"" + gate.url() + "\"\nca_cert = \"" + gate.certificate() + "\"");
            day.reachDatabaseBy(url("flusso_least:" + encoded(PASSWORD), "[::1]", "secured", "verify-full"));
            doAsCheckSays(day);
            day.start("run", "--manage-publication", "false");
            everyChangeArrives(day);
            assertThat(day.value("SELECT bool_and(ssl) || ' ' || count(DISTINCT client_addr) || ' ' || min(client_addr)"
                            + " FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = 'flusso_least'"))
                    .isEqualTo("true 1 ::1/128");
            assertThat(day.logs()).doesNotContain(PASSWORD, encoded(PASSWORD), "s3cret-of-the-index");
        }
    }

    @Test
    @DisplayName("C26 a client certificate instead of a password, and the message without one")
    void letInByACertificate() throws Exception {
        try (var day = day("secured_cert")) {
            role(day, "flusso_cert");
            var rules = Path.of(day.value("SHOW data_directory"), "pg_hba.conf");
            Files.writeString(rules, "hostssl all flusso_cert all cert\n" + Files.readString(rules));
            day.sql("SELECT pg_reload_conf()");
            var plain = url("flusso_cert", "localhost", "secured_cert", "verify-full");
            day.reachDatabaseBy(plain);
            var refused = day.start("run");
            assertThat(refused.waitForExit(SOON)).as(refused.lastLines(30)).isEqualTo(4);
            assertThat(refused.output(OutputLine.Channel.ERR)).contains("client certificate", "pg_hba.conf");

            day.reachDatabaseBy(plain + "&sslcert=" + client.certificate() + "&sslkey=" + client.key());
            doAsCheckSays(day);
            day.start("run");
            everyChangeArrives(day);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-full", "require"})
    @DisplayName(
            "C26 a server whose certificate nobody vouches for is waited for, and the message says what to look at")
    void anUnknownCertificateIsNotTrusted(String mode) throws Exception {
        try (var day = day("secured_" + mode.replace('-', '_'))) {
            var other = SelfSigned.client(folder, "other", "EC").certificate();
            var trusting = url("postgres:x", "localhost", "none", mode);
            day.reachDatabaseBy(trusting.replaceFirst("sslrootcert=.*", "sslrootcert=" + other));
            var process = day.start("run");
            process.awaitLine("cannot connect.*certification path.*sslrootcert", SOON);
            assertThat(process.isAlive()).isTrue();
        }
    }

    @Test
    @DisplayName("the owner of the tables with CREATE on the database may do what flusso does by itself")
    void anOwnerManagesByItself() throws Exception {
        try (var day = day("secured_owner")) {
            role(day, "flusso_owner");
            day.sql("ALTER TABLE users OWNER TO flusso_owner", "ALTER TABLE orders OWNER TO flusso_owner");
            day.reachDatabaseBy(url("flusso_owner:" + encoded(PASSWORD), "127.0.0.1", "secured_owner", "verify-full"));
            var refused = day.start("run");
            assertThat(refused.waitForExit(SOON)).as(refused.lastLines(30)).isEqualTo(4);
            assertThat(refused.output(OutputLine.Channel.ERR)).contains("CREATE PUBLICATION");
            day.sql("GRANT CREATE ON DATABASE secured_owner TO flusso_owner");
            day.start("run");
            everyChangeArrives(day);
        }
    }
}
