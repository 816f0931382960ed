package dev.flusso.postgres.capture;

import dev.flusso.schema.SourceConfig.ReplicaIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A table of tests: each kind of relation, in each depth, by each kind of change, by each replica identity. A real change goes through the
 * real stream and journal to a real lane, and exactly those documents are written that the changed row was, or is, part of: which those
 * are is said by queries of their own, before and after the change, that share nothing with the program's paths.
 */
class ResolutionTableIT {

    /** How the tables tell what rows were. */
    enum Identity {
        /** As flusso sets it. */
        MANAGED(ReplicaIdentity.MANAGE),
        /** An index over key and references; DEFAULT where the key is enough. */
        INDEX(ReplicaIdentity.REQUIRE),
        /** All columns, some of them NULL. */
        FULL(ReplicaIdentity.REQUIRE);

        private final ReplicaIdentity policy;

        Identity(ReplicaIdentity policy) {
            this.policy = policy;
        }

        String[] preparing() {
            var sql = new ArrayList<String>();
            switch (this) {
                case MANAGED -> {}
                case INDEX ->
                    REFERENCES.forEach((table, columns) -> {
                        var key = table.equals("line") ? "order_id, no" : "id";
                        for (var column : columns) {
                            var any = column.equals("country_code") ? "'fr'" : "1";
                            sql.add("UPDATE %1$s SET %2$s = %3$s WHERE %2$s IS NULL".formatted(table, column, any));
                            sql.add("ALTER TABLE %s ALTER %s SET NOT NULL".formatted(table, column));
                        }
                        sql.add("CREATE UNIQUE INDEX %1$s_identity ON %1$s (%2$s, %3$s)"
                                .formatted(table, key, String.join(", ", columns)));
                        sql.add("ALTER TABLE %1$s REPLICA IDENTITY USING INDEX %1$s_identity".formatted(table));
                    });
                case FULL ->
                    ResolutionBed.TABLES.forEach(table -> sql.add("ALTER TABLE " + table + " REPLICA IDENTITY FULL"));
            }
            return sql.toArray(String[]::new);
        }
    }

    private static final Map<String, List<String>> REFERENCES = Map.of(
            "customer", List.of("country_code", "referrer_id"),
            "profile", List.of("customer_id"),
            "orders", List.of("customer_id"),
            "line", List.of("product_id"),
            "category", List.of("parent_id"),
            "product", List.of("category_id"),
            "membership", List.of("customer_id", "club_id"));

    /** Table, a row of it, a row to be inserted, changes of that row: plain columns, references, the key. */
    private static final String CHANGES = """
            country     | code = 'de'                   | 'es', 'Spain'         | name = 'x'; code = 'xx'
            customer    | id = 3                        | 50, 'new', 'de', 2    | name = 'x'; deleted = true; country_code = 'it'; country_code = NULL; referrer_id = 5; referrer_id = NULL; id = 102
            profile     | id = 3                        | 50, 'new', 2          | bio = 'x'; customer_id = 4; customer_id = NULL; id = 103
            orders      | id = 4                        | 50, 'open', 3         | status = 'paid'; customer_id = 7; customer_id = NULL; id = 104
            line        | order_id = 4 AND no = 1       | 4, 9, 1, 3            | qty = 77; product_id = 7; product_id = NULL; no = 8; order_id = 6, no = 9
            category    | id = 2                        | 50, 'new', 3          | name = 'x'; name = 'hidden'; parent_id = 3; parent_id = NULL; id = 102
            product     | id = 3                        | 50, 'new', 2          | name = 'x'; category_id = 5; category_id = NULL; id = 103
            tag         | id = 2                        | 50, 'new'             | label = 'x'; id = 102
            product_tag | product_id = 3 AND tag_id = 4 | 11, 1, 9              | weight = 77; product_id = 12; tag_id = 5; product_id = 12, tag_id = 5
            club        | id = 2                        | 50, 'new', 9          | fee = 77; id = 102
            membership  | id = 4                        | 50, 2000, 3, 2        | since = 1; customer_id = 6; customer_id = NULL; club_id = 4; id = 104
            """;

    /** What goes beyond one row and one statement. */
    private static final List<String> TOGETHER = List.of(
            "DELETE FROM orders WHERE id = 4; INSERT INTO orders VALUES (4, 'open', 9)",
            "UPDATE line SET qty = 9 WHERE order_id = 5; UPDATE orders SET customer_id = 1 WHERE id = 5; DELETE FROM customer WHERE id = 6",
            "UPDATE customer SET country_code = 'it' WHERE id IN (1, 2, 3); UPDATE country SET code = 'at' WHERE code = 'it'",
            "BEGIN; UPDATE tag SET label = 'y' WHERE id = 1; SAVEPOINT s; DELETE FROM tag WHERE id = 2; ROLLBACK TO s; COMMIT",
            "BEGIN; DELETE FROM customer; ROLLBACK",
            "UPDATE product SET category_id = category_id % 9 + 1 WHERE category_id IS NOT NULL",
            "DELETE FROM product WHERE id BETWEEN 2 AND 5");

    /** A far row nobody refers to yet is part of nothing, as is what was rolled back. */
    private static final List<String> NO_EFFECT =
            List.of("INSERT INTO tag", "INSERT INTO club", "BEGIN; DELETE FROM customer; ROLLBACK");

    private static List<String> statements(Identity identity) {
        var statements = new ArrayList<String>();
        for (var line : CHANGES.lines().toList()) {
            var parts = line.split(" *\\| *", -1);
            var table = parts[0].strip();
            statements.add("INSERT INTO " + table + " VALUES (" + parts[2] + ")");
            for (var change : parts[3].strip().split("; ", -1)) {
                if (!change.endsWith("NULL") || identity != Identity.INDEX) {
                    statements.add("UPDATE " + table + " SET " + change + " WHERE " + parts[1]);
                }
            }
            statements.add("DELETE FROM " + table + " WHERE " + parts[1]);
        }
        statements.addAll(TOGETHER);
        return statements;
    }

    @ParameterizedTest
    @EnumSource(Identity.class)
    @DisplayName("P3 P5 C03 C04 C05 C06 C08 C09 exactly the documents a changed row was or is part of are written")
    void exactlyWhatARowIsPartOfIsWritten(Identity identity) throws Exception {
        var failures = new SoftAssertions();
        try (var bed = new ResolutionBed(
                "resolution_" + identity.name().toLowerCase(Locale.ROOT), identity.policy, identity.preparing())) {
            for (var statement : statements(identity)) {
                var before = ResolutionBed.INDEXES.stream().map(bed::parts).toList();
                bed.run(statement);
                bed.settle();
                var touched = 0;
                for (int i = 0; i < ResolutionBed.INDEXES.size(); i++) {
                    var index = ResolutionBed.INDEXES.get(i);
                    var expected = differing(before.get(i), bed.parts(index));
                    touched += expected.size();
                    failures.assertThat(new TreeSet<>(bed.written(index)))
                            .as("%s after %s", index, statement)
                            .isEqualTo(expected);
                }
                failures.assertThat(touched > 0)
                        .as("whether documents are touched by " + statement)
                        .isEqualTo(NO_EFFECT.stream().noneMatch(statement::startsWith));
                bed.restore();
            }
        }
        failures.assertAll();
    }

    /** The documents some row is part of before and not after, or the other way round. */
    private static Set<String> differing(Set<List<String>> before, Set<List<String>> after) {
        var ids = new TreeSet<String>();
        var gone = new HashSet<>(before);
        gone.removeAll(after);
        gone.forEach(pair -> ids.add(pair.get(1)));
        var come = new HashSet<>(after);
        come.removeAll(before);
        come.forEach(pair -> ids.add(pair.get(1)));
        return ids;
    }

    @ParameterizedTest
    @EnumSource(Identity.class)
    @DisplayName("P3 C07 a TRUNCATE, of one or more tables, with CASCADE, writes each document of what it touched once")
    void aTruncateWritesEachDocumentOnce(Identity identity) throws Exception {
        var failures = new SoftAssertions();
        try (var bed = new ResolutionBed(
                "truncation_" + identity.name().toLowerCase(Locale.ROOT), identity.policy, identity.preparing())) {
            for (var statement : List.of(
                    "TRUNCATE profile",
                    "TRUNCATE product_tag",
                    "TRUNCATE tag CASCADE",
                    "TRUNCATE club, profile CASCADE",
                    "TRUNCATE line",
                    "TRUNCATE category",
                    "TRUNCATE country",
                    "TRUNCATE customer CASCADE",
                    "BEGIN; TRUNCATE tag CASCADE; ROLLBACK")) {
                var rows = ResolutionBed.INDEXES.stream().map(bed::parts).toList();
                bed.run(statement);
                bed.settle();
                for (int i = 0; i < ResolutionBed.INDEXES.size(); i++) {
                    var index = ResolutionBed.INDEXES.get(i);
                    var isTouched = !differing(rows.get(i), bed.parts(index)).isEmpty();
                    failures.assertThat(bed.written(index))
                            .as("%s after %s", index, statement)
                            .containsExactlyInAnyOrderElementsOf(isTouched ? bed.documents(index) : Set.of());
                }
                bed.restore();
            }
        }
        failures.assertAll();
    }
}
