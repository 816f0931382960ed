package dev.flusso.postgres.document;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The types met so far, with all that they are made of. */
final class Types {

    private static final String TYPES = """
            SELECT t.oid::bigint, t.typname, t.typnamespace = 'pg_catalog'::regnamespace, pg_catalog.format_type(t.oid, -1),
                   t.typtype::text, t.typbasetype::bigint,
                   CASE WHEN t.typsubscript = 'pg_catalog.array_subscript_handler'::regproc THEN t.typelem::bigint ELSE 0 END,
                   t.typrelid::bigint
            FROM pg_catalog.pg_type t WHERE t.oid = ANY (?::oid[])""";

    private static final String MEMBERS = """
            SELECT a.attrelid::bigint, a.attname, a.atttypid::bigint FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum""";

    private final Map<Long, PgType> known = new HashMap<>();
    private final Set<Long> rowTypes = new LinkedHashSet<>();

    private record Row(long oid, String name, boolean builtin, String sql, String kind, long inner, long relation) {}

    void load(Connection connection, Collection<Long> oids) throws SQLException {
        var wanted = new LinkedHashSet<>(oids);
        wanted.removeAll(known.keySet());
        while (!wanted.isEmpty()) {
            var rows = rows(connection, wanted);
            var relations = rows.stream()
                    .filter(row -> row.relation() != 0)
                    .map(Row::relation)
                    .toList();
            var members = members(connection, relations);
            rowTypes.addAll(relations);
            wanted.clear();
            for (var row : rows) {
                var its = members.getOrDefault(row.relation(), List.of());
                known.put(row.oid(), new PgType(row.oid(), row.sql(), form(row), row.inner(), its));
                if (row.inner() != 0) {
                    wanted.add(row.inner());
                }
                its.forEach(member -> wanted.add(member.type()));
            }
            wanted.removeAll(known.keySet());
        }
    }

    private static List<Row> rows(Connection connection, Collection<Long> oids) throws SQLException {
        try (var query = connection.prepareStatement(TYPES)) {
            query.setString(1, Catalog.oids(oids));
            try (var rows = query.executeQuery()) {
                var found = new ArrayList<Row>();
                while (rows.next()) {
                    var kind = rows.getString(5);
                    found.add(new Row(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getBoolean(3),
                            rows.getString(4),
                            kind,
                            kind.equals("d") ? rows.getLong(6) : rows.getLong(7),
                            kind.equals("c") ? rows.getLong(8) : 0));
                }
                return found;
            }
        }
    }

    private static Map<Long, List<PgType.Member>> members(Connection connection, Collection<Long> relations)
            throws SQLException {
        var members = new HashMap<Long, List<PgType.Member>>();
        if (relations.isEmpty()) {
            return members;
        }
        try (var query = connection.prepareStatement(MEMBERS)) {
            query.setString(1, Catalog.oids(relations));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    members.computeIfAbsent(rows.getLong(1), any -> new ArrayList<>())
                            .add(new PgType.Member(rows.getString(2), rows.getLong(3)));
                }
            }
        }
        return members;
    }

    private static PgType.Form form(Row row) {
        if (row.kind().equals("d")) {
            return PgType.Form.DOMAIN;
        }
        if (row.kind().equals("c")) {
            return PgType.Form.COMPOSITE;
        }
        if (row.kind().equals("e")) {
            return PgType.Form.STRING;
        }
        if (row.inner() != 0) {
            return PgType.Form.ARRAY;
        }
        if (!row.builtin()) {
            return row.name().equals("citext") ? PgType.Form.STRING : PgType.Form.OTHER;
        }
        return switch (row.name()) {
            case "int2", "int4", "int8" -> PgType.Form.WHOLE;
            case "float4", "float8", "numeric" -> PgType.Form.NUMBER;
            case "money" -> PgType.Form.MONEY;
            case "bool" -> PgType.Form.BOOLEAN;
            case "text", "varchar", "name", "uuid", "char" -> PgType.Form.STRING;
            case "bpchar" -> PgType.Form.PADDED;
            case "date" -> PgType.Form.DATE;
            case "timestamp" -> PgType.Form.TIMESTAMP;
            case "timestamptz" -> PgType.Form.TIMESTAMPTZ;
            case "bytea" -> PgType.Form.BYTES;
            case "json", "jsonb" -> PgType.Form.JSON;
            case "point" -> PgType.Form.POINT;
            default -> PgType.Form.OTHER;
        };
    }

    PgType of(long oid) {
        var type = known.get(oid);
        if (type == null) {
            throw new IllegalStateException("type " + oid + " was not loaded from the catalog");
        }
        return type;
    }

    /** What a domain stands for, all the way down; the type itself when it is no domain. */
    PgType base(PgType type) {
        var base = type;
        while (base.form() == PgType.Form.DOMAIN) {
            base = of(base.inner());
        }
        return base;
    }

    /** The {@code pg_class} rows of the composite types met. */
    Set<Long> rowTypes() {
        return rowTypes;
    }
}
