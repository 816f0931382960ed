package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables that are altered, or swapped under their names, below a running flusso and a writer. Three indexes: {@code users} over users with
 * their orders, {@code mails} over two columns of users, {@code stock} over a table of its own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AlterIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final Map<String, String> TRUTHS = Map.of(
            "users", """
            SELECT id::text, json_build_object('id', id, 'email', email, 'name', name,
              'orders', coalesce((SELECT json_agg(json_build_object('status', o.status, 'total', o.total) ORDER BY o.id)
                 FROM orders o WHERE o.user_id = users.id AND o.total >= 0), '[]'),
              'orderCount', (SELECT count(*) FROM orders WHERE user_id = users.id))
            FROM users WHERE age >= 18""",
            "mails", "SELECT id::text, json_build_object('id', id, 'email', email) FROM users",
            "stock", "SELECT id::text, json_build_object('id', id, 'n', n) FROM stock");

    private static final String USERS = """
            table: users
            primary_key: id
            filters:
              - column: age
                op: gte
                value: 18
            fields:
              - long: id
              - keyword: email
              - text: name
              - has_many: orders
                table: orders
                primary_key: id
                foreign_key: user_id
                filters:
                  - column: total
                    op: gte
                    value: 0
                fields:
                  - keyword: status
                  - decimal: total
              - count: orderCount
                table: orders
                foreign_key: user_id
            """;

    /** What the application's statements may run into meanwhile: no such column or table, another type, a NULL. */
    private static final Set<String> APPLICATION_ERRORS = Set.of("42703", "42P01", "42804", "42883", "23502", "22001");

    @TempDir
    private static Path folder;

    private static FirstDay day;
    private static ProcessControl run;

    /**
     * One alteration.
     *
     * @param sql what is done, in one transaction
     * @param line of the schema that the error must name; empty when nothing is to stop
     * @param error what it must say besides
     * @param mended what is done then
     * @param generations how many times the documents must be built anew at least: values changed of which no event tells
     * @param sparesMails whether the other index over the same root table is not concerned
     */
    record Alteration(
            String name, String sql, String line, String error, String mended, int generations, boolean sparesMails) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Alteration harmless(String name, String sql, String mended, int generations) {
        return new Alteration(name, sql, "", "", mended, generations, true);
    }

    private static Alteration stopping(
            String name, String sql, String line, String error, String mended, int generations) {
        return new Alteration(name, sql, line, error, mended, generations, true);
    }

    static Stream<Alteration> alterations() {
        return Stream.of(
                harmless(
                        "a column is added to the root",
                        "ALTER TABLE users ADD COLUMN unused text DEFAULT 'x'",
                        "ALTER TABLE users DROP COLUMN unused",
                        0),
                harmless(
                        "a column is added to the child",
                        "ALTER TABLE orders ADD COLUMN unused text DEFAULT 'x'",
                        "ALTER TABLE orders DROP COLUMN unused",
                        0),
                stopping(
                        "a column of the root is dropped",
                        "ALTER TABLE users DROP COLUMN name",
                        "text: name",
                        "no column 'name'",
                        "ALTER TABLE users ADD COLUMN name text DEFAULT 'back'",
                        1),
                stopping(
                        "a column of the child is dropped",
                        "ALTER TABLE orders DROP COLUMN status",
                        "keyword: status",
                        "no column 'status'",
                        "ALTER TABLE orders ADD COLUMN status text NOT NULL DEFAULT 'back'",
                        1),
                stopping(
                        "a column of the root is renamed",
                        "ALTER TABLE users RENAME name TO title; UPDATE users SET title = 'renamed' WHERE id < 10",
                        "text: name",
                        "no column 'name'",
                        "ALTER TABLE users RENAME title TO name",
                        0),
                stopping(
                        "a filtered column of the root gets a type that has no order",
                        "ALTER TABLE users ALTER age DROP DEFAULT, ALTER age TYPE json USING to_json(age)",
                        "column: age",
                        "json",
                        "ALTER TABLE users ALTER age TYPE int USING age::text::int - 2, ALTER age SET DEFAULT 30",
                        1),
                stopping(
                        "the foreign key of the child gets a type that does not go with the key",
                        "ALTER TABLE orders ALTER user_id TYPE text",
                        "has_many: orders",
                        "text = bigint",
                        "ALTER TABLE orders ALTER user_id TYPE bigint USING 1 + user_id::bigint % 100",
                        1),
                stopping(
                        "the foreign key of the child is renamed, and rows change under its other name",
                        "ALTER TABLE orders RENAME user_id TO owner; UPDATE orders SET owner = 11 WHERE owner = 3",
                        "has_many: orders",
                        "no column 'user_id'",
                        "ALTER TABLE orders RENAME owner TO user_id",
                        1),
                stopping(
                        "a column of the child is renamed",
                        "ALTER TABLE orders RENAME status TO state; UPDATE orders SET state = 'other' WHERE id < 50",
                        "keyword: status",
                        "no column 'status'",
                        "ALTER TABLE orders RENAME state TO status",
                        0),
                harmless(
                        "a column of the root gets a type with other values",
                        "ALTER TABLE users ALTER name TYPE varchar(3) USING left(name, 3)",
                        "ALTER TABLE users ALTER name TYPE text",
                        1),
                harmless(
                        "a column of the child gets a type with other values",
                        "ALTER TABLE orders ALTER total TYPE bigint USING total * 100",
                        "ALTER TABLE orders ALTER total TYPE numeric(12,2) USING total / 7.0",
                        1),
                harmless(
                        "another child stands under its name",
                        "ALTER TABLE orders RENAME TO orders_old;"
                                + " CREATE TABLE orders (LIKE orders_old INCLUDING ALL);"
                                + " INSERT INTO orders (user_id, status, total) SELECT 1 + i % 50, 'new', i"
                                + " FROM generate_series(1, 200) i",
                        "DROP TABLE orders_old",
                        1),
                new Alteration(
                        "another root stands under its name, and lacks a column",
                        "ALTER TABLE users RENAME TO users_old;"
                                + " CREATE TABLE users (LIKE users_old INCLUDING ALL);"
                                + " INSERT INTO users (id, email, name) SELECT i, i || '@new.org', 'n' || i"
                                + " FROM generate_series(1, 250) i;"
                                + " SELECT setval(pg_get_serial_sequence('users', 'id'), 1000);"
                                + " ALTER TABLE users DROP COLUMN name",
                        "text: name",
                        "no column 'name'",
                        "ALTER TABLE users ADD COLUMN name text DEFAULT 'back'",
                        1,
                        false));
    }

    @BeforeAll
    static void start() throws Exception {
        day = new FirstDay(
                SharedServers.postgres(), "alter", SharedServers.search().url(), folder);
        day.sql(
                "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey",
                "ALTER TABLE users ADD COLUMN age int DEFAULT 30",
                "CREATE TABLE stock (id bigint PRIMARY KEY, n bigint NOT NULL)",
                "INSERT INTO users (email, name, age) SELECT i || '@x.org', 'Name ' || i, 15 + i % 40"
                        + " FROM generate_series(1, 300) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 300, 's', i - 5 FROM generate_series(1, 600) i",
                "INSERT INTO stock SELECT i, i FROM generate_series(1, 50) i");
        day.config("[sinks.audit]\ntype = \"stdout\"\npretty = true\n", "");
        index("mails", "table: users\nprimary_key: id\nfields:\n  - long: id\n  - keyword: email\n");
        index("stock", "table: stock\nprimary_key: id\nfields:\n  - long: id\n  - long: n\n");
        day.schema(USERS);
        run = day.start("run");
        awaitAllTrue();
    }

    @AfterAll
    static void stop() {
        day.close();
    }

    private static void index(String name, String schema) throws IOException {
        Files.writeString(folder.resolve(name + ".schema.yml"), schema);
        day.config("[server]", "[[index]]\nname = \"" + name + "\"\nschema = \"" + name + ".schema.yml\"\n\n[server]");
    }

    private static void awaitAllTrue() {
        try {
            Eventually.within(SOON).passes("the indexes to equal the database", () -> {
                for (var index : TRUTHS.entrySet()) {
                    assertThat(day.indexed(index.getKey()))
                            .as(index.getKey())
                            .isEqualTo(day.expected(index.getValue()));
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + day.logs(), e);
        }
    }

    /** Where a line stands in the schema of {@code users}. */
    private static String place(String text) {
        var lines = USERS.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int column = lines.get(i).indexOf(text);
            if (column >= 0) {
                return "users.schema.yml:" + (i + 1) + ":" + (column + 1) + ":";
            }
        }
        throw new IllegalArgumentException("no line of the schema has '" + text + "'");
    }

    private static String change(SplittableRandom random) {
        var user = 20 + random.nextInt(280);
        return switch (random.nextInt(9)) {
            case 0 -> "INSERT INTO users (email) VALUES ('w" + random.nextInt() + "@x.org')";
            case 1 -> "UPDATE users SET email = 'e" + random.nextInt() + "' WHERE id = " + user;
            case 2 -> "UPDATE users SET name = 'n" + random.nextInt(100) + "' WHERE id = " + user;
            case 3 -> "DELETE FROM users WHERE id = " + user;
            case 4 -> "INSERT INTO orders (user_id, status, total) VALUES (" + user + ", 'w', 1.5)";
            case 5 -> "DELETE FROM orders WHERE id % 50 = " + random.nextInt(50) + " AND id % 7 = 0";
            case 6 -> "UPDATE orders SET user_id = " + user + " WHERE id = " + random.nextInt(600);
            case 7 -> "UPDATE orders SET total = total + 1 WHERE id = " + random.nextInt(600);
            default -> "UPDATE stock SET n = n + 1 WHERE id = " + (1 + random.nextInt(40));
        };
    }

    @ParameterizedTest
    @MethodSource("alterations")
    @Order(1)
    @DisplayName(
            "C24 altered under load: the error names its place once, what needs it stops, the rest goes on, all heals")
    void isAlteredUnderLoad(Alteration alteration) throws Exception {
        var users = new LaneLook(day, "primary/users");
        users.awaitReady();
        var generation = day.generation("users");
        var saidBefore = said().size();
        long seed = alteration.name().hashCode();
        try (var writer = new Writer(day, new SplittableRandom(seed), AlterIT::change, APPLICATION_ERRORS)) {
            writer.start();
            writer.awaitMore(10);
            day.sql("BEGIN; " + alteration.sql() + "; COMMIT");
            try {
                writer.awaitMore(10);
                if (!alteration.line().isEmpty()) {
                    stopsAt(place(alteration.line()), alteration.error(), users, saidBefore);
                }
                othersGoOn(alteration);
            } finally {
                day.sql("BEGIN; " + alteration.mended() + "; COMMIT");
            }
            writer.awaitMore(10);
            writer.stop();
            writer.rethrow();
        }
        awaitAllTrue();
        users.awaitReady();
        assertThat(said())
                .as("lines that say so")
                .hasSize(saidBefore + (alteration.line().isEmpty() ? 0 : 1));
        assertThat(day.generation("users") > generation)
                .as("users were built anew: generation %s", day.generation("users"))
                .isEqualTo(alteration.generations() > 0);
    }

    private static void stopsAt(String place, String error, LaneLook users, int saidBefore) throws Exception {
        users.await("blocked", place);
        users.awaitUnready(place);
        assertThat(users.status().path("last_error").asText()).contains(place, error);
        Eventually.within(SOON)
                .until(
                        "a line that says so\n" + day.logs(),
                        () -> said().stream()
                                .skip(saidBefore)
                                .anyMatch(line -> line.contains(place) && line.contains(error)));
    }

    /** Lines that say that {@code users} is blocked. */
    private static List<String> said() {
        return run.lines().stream()
                .filter(line -> line.channel() == OutputLine.Channel.ERR)
                .map(OutputLine::text)
                .filter(line -> line.contains("lane state changed lane=primary/users state=blocked"))
                .toList();
    }

    private static void othersGoOn(Alteration alteration) throws Exception {
        var proof = "proof of " + alteration.name().replaceAll("[^A-Za-z0-9]+", "-");
        day.sql("UPDATE stock SET n = " + proof.hashCode() + " WHERE id = 50");
        day.sql("UPDATE users SET email = '" + proof + "' WHERE id = 5");
        Eventually.within(SOON)
                .until(
                        "the index of another table to go on\n" + day.logs(),
                        () -> day.indexed("stock").getOrDefault("50", "").contains(Integer.toString(proof.hashCode())));
        if (alteration.sparesMails()) {
            Eventually.within(SOON)
                    .until(
                            "another index of the table to go on\n" + day.logs(),
                            () -> day.indexed("mails").getOrDefault("5", "").contains(proof));
        }
    }

    @Test
    @Order(2)
    @DisplayName("C24 after all of it verify finds no difference")
    void verifyFindsNothing() {
        try (var verify = day.look("verify")) {
            var exit = verify.waitForExit(SOON);
            assertThat(exit).as(verify.lastLines(30)).isZero();
        }
        assertThat(run.isAlive()).isTrue();
    }
}
