package dev.flusso.postgres.expectation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the catalog says of columns, types and primary keys; asked when first needed, one question for each thing. */
final class TypeTree {

    private final Connection connection;
    private final Map<Long, ValueType> types = new HashMap<>();
    private final Map<String, Map<String, ValueType>> columns = new HashMap<>();
    private final Map<String, List<String>> keys = new HashMap<>();

    TypeTree(Connection connection) {
        this.connection = connection;
    }

    /** Forgets what it was told. */
    void forget() {
        types.clear();
        columns.clear();
        keys.clear();
    }

    /** The columns of a table, given as quoted SQL. */
    Map<String, ValueType> columns(String table) throws SQLException {
        var known = columns.get(table);
        if (known != null) {
            return known;
        }
        var oids = new LinkedHashMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT attname, atttypid::bigint FROM pg_attribute WHERE attrelid = "
                        + Sql.text(table) + "::regclass AND attnum > 0 AND NOT attisdropped")) {
            while (rows.next()) {
                oids.put(rows.getString(1), rows.getLong(2));
            }
        }
        var found = new HashMap<String, ValueType>();
        for (var each : oids.entrySet()) {
            found.put(each.getKey(), type(each.getValue()));
        }
        columns.put(table, found);
        return found;
    }

    /** The columns of a table's primary key, in its order. */
    List<String> primaryKey(String table) throws SQLException {
        var known = keys.get(table);
        if (known != null) {
            return known;
        }
        var found = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(n, o),"
                                + " pg_attribute a WHERE i.indisprimary AND i.indrelid = " + Sql.text(table)
                                + "::regclass AND a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.o")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        keys.put(table, found);
        return found;
    }

    ValueType builtin(String name) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery("SELECT " + Sql.text("pg_catalog." + name) + "::regtype::oid::bigint")) {
            rows.next();
            return type(rows.getLong(1));
        }
    }

    private ValueType type(long oid) throws SQLException {
        var known = types.get(oid);
        if (known != null) {
            return known;
        }
        ValueType bare;
        long inner;
        long relation;
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT typname, typnamespace = 'pg_catalog'::regnamespace, typtype,"
                        + " format_type(oid, -1), CASE WHEN typtype = 'd' THEN typbasetype::bigint WHEN typcategory = 'A' THEN"
                        + " typelem::bigint ELSE 0 END, typrelid::bigint FROM pg_type WHERE oid = " + oid)) {
            row.next();
            bare = new ValueType(
                    row.getString(1), row.getBoolean(2), row.getString(3).charAt(0), row.getString(4), null, List.of());
            inner = row.getLong(5);
            relation = bare.kind() == 'c' ? row.getLong(6) : 0;
        }
        var type = new ValueType(
                bare.name(),
                bare.builtin(),
                bare.kind(),
                bare.sql(),
                inner == 0 ? null : type(inner),
                relation == 0 ? List.of() : members(relation));
        types.put(oid, type);
        return type;
    }

    private List<ValueType.Member> members(long relation) throws SQLException {
        var oids = new LinkedHashMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT attname, atttypid::bigint FROM pg_attribute WHERE attrelid = "
                        + relation + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) {
            while (rows.next()) {
                oids.put(rows.getString(1), rows.getLong(2));
            }
        }
        var members = new ArrayList<ValueType.Member>();
        for (var each : oids.entrySet()) {
            members.add(new ValueType.Member(each.getKey(), type(each.getValue())));
        }
        return members;
    }
}
