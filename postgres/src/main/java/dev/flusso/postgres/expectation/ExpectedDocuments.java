package dev.flusso.postgres.expectation;

import dev.flusso.postgres.PostgresAddress;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.SoftDelete;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.SourceUnavailableException;
import java.io.Closeable;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what documents should be. A page of documents is read in one REPEATABLE READ transaction, so each is as the database was at one moment;
 * successive pages may be of successive moments. A table rewritten by ALTER TABLE meanwhile looks empty to such a transaction: who finds a
 * difference asks again. One thread.
 */
public final class ExpectedDocuments implements Closeable {

    private static final String SESSION = """
            SET row_security = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; \
            SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET standard_conforming_strings = on; \
            SET default_transaction_read_only = on; SELECT set_config('search_path', concat_ws(', ', 'public', (SELECT \
            string_agg(DISTINCT quote_ident(nspname), ', ') FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace \
            WHERE nspname NOT IN ('public', 'pg_catalog'))), false)""";

    private static final int FEWEST_ROWS = 4;
    private static final int MOST_ROWS = 500;

    /** What a page of documents is meant to have, as text. */
    private static final long PAGE_CHARACTERS = 2 << 20;

    private final PostgresAddress address;
    private final Connection connection;
    private final TypeTree types;
    private final Values values;

    private ExpectedDocuments(PostgresAddress address, Connection connection) {
        this.address = address;
        this.connection = connection;
        this.types = new TypeTree(connection);
        this.values = new Values(this::lowerCase);
    }

    /**
     * Connects.
     *
     * @throws SourceUnavailableException when the database cannot be reached
     */
    public static ExpectedDocuments open(PostgresAddress address) {
        var properties = address.properties();
        properties.setProperty("binaryTransfer", "false"); // texts are what is read here
        try {
            var connection = DriverManager.getConnection(address.jdbcUrl(), properties);
            try (var statement = connection.createStatement()) {
                statement.execute(SESSION);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new ExpectedDocuments(address, connection);
        } catch (SQLException e) {
            throw unavailable(address, e);
        }
    }

    /** What is asked in a transaction of its own. */
    private interface Question<T> {
        T ask() throws SQLException;
    }

    private <T> T inOneSnapshot(Question<T> question) {
        try {
            types.forget();
            try {
                return question.ask();
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw unavailable(address, e);
        }
    }

    private static SourceUnavailableException unavailable(PostgresAddress address, SQLException e) {
        return new SourceUnavailableException("rows could not be read from " + address + ": " + e.getMessage(), e);
    }

    /** Every document, in the order of the keys; rows that have none are left out. */
    public void all(DocumentSchema schema, Consumer<ExpectedDocument> each) {
        @Nullable List<String> after = null;
        int rows = 64;
        while (true) {
            var last = after;
            int limit = rows;
            var page = inOneSnapshot(() -> page(schema, afterKey(schema, last, limit), limit));
            page.documents().forEach(each);
            var next = page.last();
            if (next == null) {
                return;
            }
            after = next;
            rows = nextSize(rows, page.documents());
        }
    }

    private static int nextSize(int rows, List<ExpectedDocument> page) {
        long characters = 1;
        for (var document : page) {
            characters += document.document().toString().length();
        }
        long each = 1 + characters / Math.max(1, page.size());
        return (int) Math.max(FEWEST_ROWS, Math.min(Math.min(MOST_ROWS, 2L * rows), PAGE_CHARACTERS / each));
    }

    /** The documents of these keys; a key without one, or one that cannot be a key of the table, is left out. */
    public List<ExpectedDocument> of(DocumentSchema schema, List<List<String>> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        try {
            return inOneSnapshot(
                    () -> page(schema, byKey(schema, keys), Integer.MAX_VALUE).documents());
        } catch (SourceUnavailableException e) {
            if (!(e.getCause() instanceof SQLException cause)
                    || cause.getSQLState() == null
                    || !cause.getSQLState().startsWith("22")) {
                throw e;
            }
            if (keys.size() == 1) {
                return List.of();
            }
            var found = new ArrayList<>(of(schema, keys.subList(0, keys.size() / 2)));
            found.addAll(of(schema, keys.subList(keys.size() / 2, keys.size())));
            return found;
        }
    }

    /** Keys of some root rows, chosen by chance. */
    public List<List<String>> sample(DocumentSchema schema, int count) {
        return inOneSnapshot(() -> {
            double percent = Math.max(0.001, Math.min(100, 150.0 * count / Math.max(1, estimate(schema.table()))));
            var columns = schema.primaryKey().stream().map(TableRef::quoted).collect(Collectors.joining(", "));
            var keys = new ArrayList<List<String>>();
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT " + columns + " FROM (SELECT * FROM "
                            + schema.table().sql() + " TABLESAMPLE SYSTEM (" + percent + ")) s ORDER BY random() LIMIT "
                            + count)) {
                while (rows.next()) {
                    var key = new ArrayList<String>();
                    for (int i = 1; i <= schema.primaryKey().size(); i++) {
                        key.add(String.valueOf(rows.getString(i)));
                    }
                    keys.add(key);
                }
            }
            return keys;
        });
    }

    private long estimate(TableRef table) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class WHERE"
                                + " oid IN (SELECT relid FROM pg_partition_tree(" + Sql.text(table.sql())
                                + ") UNION SELECT "
                                + Sql.text(table.sql()) + "::regclass)")) {
            row.next();
            return row.getLong(1);
        }
    }

    private String afterKey(DocumentSchema schema, @Nullable List<String> after, int limit) throws SQLException {
        var columns = types.columns(schema.table().sql());
        var key = schema.primaryKey().stream()
                .map(column -> "c." + TableRef.quoted(column))
                .toList();
        var there = key.stream().map(column -> column + " IS NOT NULL").collect(Collectors.joining(" AND "));
        var bound = after == null
                ? ""
                : " AND (" + String.join(", ", key) + ") > ("
                        + IntStream.range(0, key.size())
                                .mapToObj(i -> Sql.text(after.get(i)) + "::"
                                        + sql(columns, schema.primaryKey().get(i)))
                                .collect(Collectors.joining(", "))
                        + ")";
        return " WHERE " + there + bound + " ORDER BY " + String.join(", ", key) + " LIMIT " + limit;
    }

    private String byKey(DocumentSchema schema, List<List<String>> keys) throws SQLException {
        var columns = types.columns(schema.table().sql());
        var key = schema.primaryKey();
        return IntStream.range(0, key.size())
                        .mapToObj(i -> Sql.texts(new ArrayList<>(
                                keys.stream().map(each -> each.get(i)).toList())))
                        .collect(Collectors.joining(", ", " JOIN (SELECT DISTINCT * FROM unnest(", ") k("))
                + IntStream.range(0, key.size()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "))
                + ")) k ON "
                + IntStream.range(0, key.size())
                        .mapToObj(i ->
                                "c." + TableRef.quoted(key.get(i)) + " = k.k" + i + "::" + sql(columns, key.get(i)))
                        .collect(Collectors.joining(" AND "));
    }

    private static String sql(Map<String, ValueType> columns, String column) {
        var type = columns.get(column);
        if (type == null) {
            throw new IllegalStateException("there is no column '" + column + "', only " + columns.keySet());
        }
        return type.base().sql();
    }

    /** @param last the last key looked at; null when there are no more rows */
    private record Page(
            List<ExpectedDocument> documents, @Nullable List<String> last) {}

    private Page page(DocumentSchema schema, String which, int limit) throws SQLException {
        var table = schema.table();
        var columns = types.columns(table.sql());
        var deleted = schema.softDelete();
        var inside = schema.filters().stream()
                .map(filter -> Sql.condition(filter, columns))
                .toList();
        var when = deleted == null
                ? List.<String>of()
                : deleted.when().stream()
                        .map(filter -> Sql.condition(filter, columns))
                        .toList();
        var sql = "SELECT c.* FROM (SELECT *, " + all(inside) + " AS \"#in\", " + all(when) + " AS \"#when\" FROM "
                + table.sql() + ") c" + which;
        var rows = new ArrayList<Assembly.Row>();
        var seen = 0;
        @Nullable List<String> last = null;
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (var found = statement.executeQuery(sql)) {
                var meta = found.getMetaData();
                while (found.next()) {
                    seen++;
                    var texts = new HashMap<String, @Nullable String>();
                    for (int i = 1; i <= meta.getColumnCount(); i++) {
                        texts.put(meta.getColumnName(i), found.getString(i));
                    }
                    var row = new Assembly.Row(texts);
                    last = key(row, schema);
                    if ("t".equals(row.text("#in")) && (deleted == null || !isDeleted(row, deleted, columns))) {
                        rows.add(row);
                    }
                }
            }
        }
        var objects = new Assembly(connection, types, values)
                .objects(new Assembly.Rows(table, schema.primaryKey(), rows), schema.fields());
        var documents = new ArrayList<ExpectedDocument>();
        for (int i = 0; i < rows.size(); i++) {
            var id = Ids.of(rows.get(i), schema.primaryKey(), columns);
            documents.add(new ExpectedDocument(id, key(rows.get(i), schema), objects.get(i)));
        }
        return new Page(documents, seen < limit ? null : last);
    }

    private static String all(List<String> conditions) {
        return conditions.isEmpty() ? "true" : "(" + String.join(" AND ", conditions) + ")";
    }

    private static List<String> key(Assembly.Row row, DocumentSchema schema) {
        return schema.primaryKey().stream()
                .map(column -> String.valueOf(row.text(column)))
                .toList();
    }

    private boolean isDeleted(Assembly.Row row, SoftDelete deleted, Map<String, ValueType> columns) {
        var text = row.text(deleted.column());
        var type = columns.get(deleted.column());
        if (text == null || type == null || !"t".equals(row.text("#when"))) {
            return false;
        }
        if (type.base().builtin() && type.base().name().equals("bool")) {
            return text.equals("t");
        }
        if (!type.base().isNumber()) {
            return true;
        }
        var number = values.of(text, type, List.of());
        return number.isNull() || number.decimalValue().compareTo(BigDecimal.ZERO) != 0;
    }

    /** By the rules of the database's own collation. */
    private String lowerCase(String text) {
        if (text.chars().allMatch(c -> c < 128)) {
            return text.toLowerCase(java.util.Locale.ROOT);
        }
        try (var query = connection.prepareStatement("SELECT lower(?)")) {
            query.setString(1, text);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        } catch (SQLException e) {
            throw unavailable(address, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unavailable(address, e);
        }
    }
}
