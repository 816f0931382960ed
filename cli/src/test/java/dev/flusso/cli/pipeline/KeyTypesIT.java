package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One index for each type a key can have, all in one deployment: a root that refers to itself, and children that refer to it, by columns
 * that may be narrower or wider than the key; under names that need quoting. Every kind of change is made to all of them at once, and
 * each index is compared with what its tables say.
 */
final class KeyTypesIT {

    private static final Duration SOON = Duration.ofSeconds(90);

    /**
     * A type of keys.
     *
     * @param index the index' name
     * @param type of the key
     * @param reference type of what refers to it
     * @param schema of both tables
     * @param table the root's; {@code child} is the children's
     * @param id the root's key column
     * @param values six keys; the last two are other spellings of the second and third where the type has some
     */
    private record KeyType(
            String index,
            String type,
            String reference,
            String schema,
            String table,
            String child,
            String id,
            List<String> values) {

        String sql(String statement) {
            var text = statement
                    .replace("{root}", quoted(schema) + "." + quoted(table))
                    .replace("{child}", quoted(schema) + "." + quoted(child))
                    .replace("{key}", quoted(id));
            for (var i = 0; i < values.size(); i++) {
                text = text.replace("$" + i + "r", "'" + values.get(i) + "'::" + reference)
                        .replace("$" + i, "'" + values.get(i) + "'::" + type);
            }
            return text;
        }

        private static String quoted(String name) {
            return '"' + name.replace("\"", "\"\"") + '"';
        }

        private static String yaml(String name) {
            return "'" + quoted(name).replace("'", "''") + "'";
        }

        String schemaFile() {
            return """
                    schema: %1$s
                    table: %2$s
                    primary_key: %4$s
                    fields:
                      - text: name
                      - belongs_to: buddy
                        table: %2$s
                        primary_key: %4$s
                        column: buddy
                        fields:
                          - text: name
                      - has_many: children
                        table: %3$s
                        primary_key: id
                        foreign_key: parent
                        fields:
                          - integer: id
                          - text: note
                      - count: childCount
                        table: %3$s
                        foreign_key: parent
                    """.formatted(yaml(schema), yaml(table), yaml(child), yaml(id));
        }

        String truth() {
            return sql("""
                    SELECT r.{key}::text, json_build_object('name', r.name,
                      'buddy', (SELECT json_build_object('name', b.name) FROM {root} b WHERE b.{key} = r.buddy),
                      'children', (SELECT coalesce(json_agg(json_build_object('id', c.id, 'note', c.note) ORDER BY c.id), '[]')
                        FROM {child} c WHERE c.parent = r.{key}),
                      'childCount', (SELECT count(*) FROM {child} c WHERE c.parent = r.{key}))
                    FROM {root} r""");
        }
    }

    private static KeyType of(String type, String reference, String schema, String table, String id, String... values) {
        var index = "k_" + type.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
        return new KeyType(index, type, reference, schema, table, table + " of", id, List.of(values));
    }

    private static final List<KeyType> TYPES = List.of(
            of("smallint", "bigint", "public", "Order", "orderId", "1", "-2", "3", "4", "5", "6"),
            of("integer", "smallint", "public", "select", "from", "1", "-2", "3", "4", "5", "6"),
            of("bigint", "integer", "public", "with space", "a key", "1", "-2", "2147483647", "4", "5", "6"),
            of("numeric", "numeric(10,2)", "public", "1st", "2nd", "1", "1.5", "3", "4.25", "1.50", "3.00"),
            of("numeric(12,2)", "numeric", "public", "Größe", "schlüssel", "1", "1.5", "3", "4.25", "5", "6"),
            of("text", "varchar(40)", "one", "same", "id", "a", "B:%", "é ß", "d''e", "f/g", "h"),
            of("varchar(40)", "text", "two", "same", "id", "a", "b", "c c", "d", "e", "f"),
            of("char(6)", "char(9)", "public", "user", "primary", "a", "b", "c c", "d", "e", "f"),
            of("citext", "citext", "public", "Ünïcode \"quoted\"", "code", "Aa", "bB", "Cc", "d", "BB", "cc"),
            of(
                    "uuid",
                    "uuid",
                    "public",
                    "uuids",
                    "id",
                    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                    "00000000-0000-0000-0000-000000000002",
                    "00000000-0000-0000-0000-000000000003",
                    "00000000-0000-0000-0000-000000000004",
                    "00000000-0000-0000-0000-000000000005",
                    "00000000-0000-0000-0000-000000000006"),
            of(
                    "date",
                    "timestamp",
                    "public",
                    "dates",
                    "day",
                    "2026-01-01",
                    "1999-12-31",
                    "infinity",
                    "0044-03-15 BC",
                    "2026-02-02",
                    "2026-02-03"),
            of(
                    "timestamptz",
                    "timestamptz",
                    "public",
                    "times",
                    "at",
                    "2026-01-01 10:00:00+00",
                    "2026-01-01 10:00:00.000001+00",
                    "-infinity",
                    "2026-03-29 01:59:59+00",
                    "2026-01-01 12:00:00+02:30",
                    "2026-02-02 00:00:00+00"),
            of("size", "size", "public", "enums", "id", "S", "M", "L", "XL", "XXL", "XS"),
            of("code", "varchar(10)", "public", "domains", "id", "A1", "B2", "C3", "D4", "E5", "F6"),
            of("bytea", "bytea", "public", "bytes", "id", "\\x00", "\\xdead", "\\x01ff", "\\x", "\\xbeef", "\\x0a"),
            of(
                    "pair",
                    "pair",
                    "public",
                    "pairs",
                    "id",
                    "(1,a)",
                    "(2,\"b c\")",
                    "(3,)",
                    "(4,d)",
                    "(5,e)",
                    "(6,\"f,g\")"));

    /** Each is made for every type; then all indexes are looked at. */
    private static final List<String> CHANGES = List.of(
            "INSERT INTO {root} VALUES ($3, 'new', $0r); INSERT INTO {child} VALUES (7, $3r, 'of the new'), (8, $0r, 'more')",
            "UPDATE {root} SET name = 'changed' WHERE {key} = $0; UPDATE {child} SET note = 'changed' WHERE id = 1",
            "UPDATE {child} SET parent = $1r WHERE id = 1; UPDATE {root} SET buddy = $1r WHERE {key} = $0",
            // the key alone, then what refers to it: the same row by another spelling, or another row
            "UPDATE {root} SET {key} = $4 WHERE {key} = $1",
            "UPDATE {child} SET parent = $4r WHERE parent = $1r; UPDATE {root} SET buddy = $4r WHERE buddy = $1r",
            "UPDATE {root} SET {key} = $5, name = name || '!' WHERE {key} = $2",
            "UPDATE {child} SET id = id + 100",
            "DELETE FROM {child} WHERE id = 101; DELETE FROM {root} WHERE {key} = $3",
            "DELETE FROM {root} WHERE {key} = $0",
            "INSERT INTO {root} VALUES ($0, 'back', NULL)",
            "UPDATE {child} SET parent = NULL WHERE parent = $0r; UPDATE {root} SET buddy = {key}");

    @TempDir
    Path folder;

    @Test
    @DisplayName("P3 P5 C10 C12 keys of every type, through references of other widths and names of every kind")
    void everyTypeFollowsEveryChange() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "key_types", SharedServers.search().url(), folder)) {
            day.sql("DROP TABLE orders, users; CREATE EXTENSION citext; CREATE SCHEMA one; CREATE SCHEMA two;"
                    + " CREATE TYPE size AS ENUM ('XS', 'S', 'M', 'L', 'XL', 'XXL');"
                    + " CREATE DOMAIN code AS varchar(10) CHECK (value <> ''); CREATE TYPE pair AS (a int, b text)");
            day.config("[sinks.audit]\ntype = \"stdout\"\npretty = true\n", "");
            var indexes = new StringBuilder();
            for (var type : TYPES) {
                day.sql(
                        type.sql(
                                "CREATE TABLE {root} ({key} " + type.type() + " PRIMARY KEY, name text, buddy "
                                        + type.reference() + "); CREATE TABLE {child} (id int PRIMARY KEY, parent "
                                        + type.reference()
                                        + ", note text); INSERT INTO {root} VALUES ($0, 'a', NULL), ($1, 'b', $0r), ($2, 'c', $1r);"
                                        + " INSERT INTO {child} SELECT i, (ARRAY[$0r, $1r, $2r])[1 + i % 3], 'n' FROM generate_series(1, 6) i"));
                indexes.append("[[index]]\nname = \"%1$s\"\nschema = \"%1$s.schema.yml\"\n\n".formatted(type.index()));
                Files.writeString(folder.resolve(type.index() + ".schema.yml"), type.schemaFile());
            }
            day.config("[[index]]\nname = \"users\"\nschema = \"users.schema.yml\"\n", indexes.toString());
            day.start("capture");
            day.start("work");
            await(day, "seeding");
            for (var change : CHANGES) {
                for (var type : TYPES) {
                    day.sql(type.sql(change));
                }
                await(day, change);
            }
        }
    }

    private static void await(FirstDay day, String what) throws Exception {
        var softly = new SoftAssertions();
        for (var type : TYPES) {
            var expected = day.expected(type.truth());
            try {
                Eventually.within(SOON)
                        .passes(
                                type.index(),
                                () -> assertThat(day.indexed(type.index())).isEqualTo(expected));
            } catch (AssertionError e) {
                softly.fail(type.type() + " after " + what + ": " + e.getMessage());
                break;
            }
        }
        if (!softly.wasSuccess()) {
            softly.fail(day.logs());
        }
        softly.assertAll();
    }
}
