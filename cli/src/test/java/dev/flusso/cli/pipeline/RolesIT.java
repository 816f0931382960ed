package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.SearchServer;
import dev.flusso.dev.servers.SelfSigned;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An OpenSearch with its security plugin: TLS, a user of its own with the role of docs/how-to/deploy.md and no more.
 * Needs the Maven profile {@code security}, which fetches the plugin.
 */
final class RolesIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern ROLE = Pattern.compile("(?s)```json\\R(\\{.*?\\R\\})\\R```");
    private static SearchServer search;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        assumeTrue(SearchServer.canBeSecured(), "no security plugin; mvn -Psecurity fetches it");
        search = SearchServer.builder().secured().defaultReplicas(0).start();
    }

    @AfterAll
    static void stop() {
        if (search != null) {
            search.close();
        }
    }

    private FirstDay day(String database, String role) throws Exception {
        var day = new FirstDay(SharedServers.postgres(), database, search.url(), folder);
        var certificate = search.certificate().orElseThrow();
        day.askAs(SelfSigned.trusting(certificate), search.credentials().orElseThrow());
        var api = "/_plugins/_security/api/";
        Eventually.within(SOON).passes("the role to be taken", () -> {
            day.ask("PUT", api + "roles/" + database, role.replace("<prefix>", database + "_"));
            day.ask("PUT", api + "internalusers/" + database, "{\"password\":\"s3cret-of-the-index\"}");
            day.ask("PUT", api + "rolesmapping/" + database, "{\"users\":[\"" + database + "\"]}");
        });
        day.config("username = \"admin\"", "username = \"" + database + "\"\nca_cert = \"" + certificate + "\"");
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 50) i",
                "INSERT INTO orders (user_id, status, total) SELECT i, 's', i FROM generate_series(1, 50) i");
        return day;
    }

    /** The role that the page tells people to make. */
    private static String documented() throws Exception {
        var page = Files.readString(Path.of(System.getProperty("flusso.root"), "docs/how-to/deploy.md"));
        var role = ROLE.matcher(page);
        assertThat(role.find()).as("a role in JSON in deploy.md").isTrue();
        return role.group(1);
    }

    @Test
    @DisplayName(
            "C26 TLS, basic auth and the documented role suffice: check is content, seeding, changes, a reindex with its swap")
    void theDocumentedRoleSuffices() throws Exception {
        try (var day = day("roles_full", documented())) {
            var check = day.start("check");
            assertThat(check.waitForExit(SOON)).as(check.lastLines(60)).isZero();
            assertThat(check.output(OutputLine.Channel.OUT)).doesNotContain("error:", "warning:");
            day.start("run");
            day.awaitTrue(SOON);
            day.sql("UPDATE orders SET user_id = 2 WHERE user_id = 1", "DELETE FROM users WHERE id = 3");
            day.awaitTrue(SOON);
            var first = day.generation("users");
            var reindex = day.look("reindex", "users", "--server", "http://127.0.0.1:" + day.privatePort);
            assertThat(reindex.waitForExit(SOON)).as(reindex.lastLines(20)).isZero();
            Eventually.within(SOON).until("the alias to move\n" + day.logs(), () -> day.generation("users") > first);
            day.awaitTrue(SOON);
            assertThat(day.logs()).doesNotContain("security_exception", "s3cret-of-the-index");
        }
    }

    @Test
    @DisplayName("check says which right is missing, and ends with 3")
    void checkNamesAMissingRight() throws Exception {
        var role = documented();
        var writes = "\"indices:data/write/*\", ";
        assertThat(role).contains(writes);
        try (var day = day("roles_read", role.replace(writes, ""))) {
            var check = day.start("check");
            assertThat(check.waitForExit(SOON)).as(check.lastLines(60)).isEqualTo(3);
            assertThat(check.output(OutputLine.Channel.OUT) + check.output(OutputLine.Channel.ERR))
                    .contains("we may not: write documents");
        }
    }
}
