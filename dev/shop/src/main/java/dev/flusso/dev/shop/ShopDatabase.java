package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.dev.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shop's tables and what every index must hold of them, by SQL that shares nothing with the program's. One thread only. */
final class ShopDatabase implements AutoCloseable {

    static final String NAME = "shop";

    private final Connection connection;
    private final Map<String, String> expectations;
    /** The documents as they were when they were last computed; that takes a while, so it is done once for each change. */
    private Map<DocumentName, String> latest = Map.of();

    private ShopDatabase(Connection connection, Map<String, String> expectations) {
        this.connection = connection;
        this.expectations = expectations;
    }

    /**
     * Makes the database and fills it.
     *
     * @param folder with {@code shop.sql} and an {@code expected-<index>.sql} for each of {@code indexes}
     */
    static ShopDatabase fill(PostgresServer server, Path folder, List<String> indexes) {
        var expectations = new LinkedHashMap<String, String>();
        indexes.forEach(index -> expectations.put(index, read(folder.resolve("expected-" + index + ".sql"))));
        server.freshDatabase(NAME);
        try {
            var database = new ShopDatabase(server.connect(NAME), expectations);
            database.execute(read(folder.resolve("shop.sql")));
            return database;
        } catch (SQLException e) {
            throw new DemoException(
                    "cannot fill the shop from " + folder.resolve("shop.sql") + ": " + e.getMessage(), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new DemoException("cannot read " + file + ": " + e, e);
        }
    }

    private void execute(String script) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : statements(script)) {
                statement.execute(sql);
            }
        }
    }

    /** Each by itself, since some cannot run beside others; a semicolon ends one only at the end of a line. */
    static List<String> statements(String script) {
        return List.of(script.strip().split(";[ \\t]*\\R+|;$"));
    }

    /** The rows of each table, in the order of their names. */
    Map<String, Long> rowCounts() {
        return asking("the tables' sizes", () -> {
            var counts = new LinkedHashMap<String, Long>();
            for (var table : List.of("users", "orders", "order_items", "products", "categories", "tags")) {
                counts.put(table, Long.parseLong(value("SELECT count(*) FROM " + table)));
            }
            return counts;
        });
    }

    /** How many documents each index must hold. */
    Map<String, Long> documentCounts() {
        return asking("the number of documents", () -> {
            var counts = new LinkedHashMap<String, Long>();
            for (var expectation : expectations.entrySet()) {
                counts.put(
                        expectation.getKey(),
                        Long.parseLong(value("SELECT count(*) FROM (" + expectation.getValue() + ") documents")));
            }
            return counts;
        });
    }

    /** Every document of an index as it must be, by id. */
    Map<String, JsonNode> expected(String index) {
        return asking("the documents of " + index, () -> {
            var documents = new HashMap<String, JsonNode>();
            texts(index).forEach((id, text) -> documents.put(id, Json.parse(text)));
            return documents;
        });
    }

    /**
     * Runs the statements in one transaction.
     *
     * @param beforeCommit is told what they change in the documents, while nobody else can see it yet
     */
    Commit change(List<String> statements, Consumer<Set<DocumentName>> beforeCommit) {
        return asking("to run " + statements, () -> {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                var before = latest.isEmpty() ? texts() : latest;
                for (var sql : statements) {
                    statement.execute(sql);
                }
                var after = texts();
                var touched = touched(before, after);
                beforeCommit.accept(touched.keySet());
                var started = System.nanoTime();
                connection.commit();
                latest = after;
                return new Commit(started, touched);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    /** What the transactions since the last {@link #change}, or since the last call, have changed in the documents. */
    Map<DocumentName, @Nullable JsonNode> touchedSince() {
        return asking("all documents", () -> {
            var before = latest;
            latest = texts();
            return touched(before, latest);
        });
    }

    /** Runs one statement in a transaction of its own. */
    void run(String sql) {
        asking("to run " + sql, () -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** The first column of the first row, as text. */
    String ask(String query) {
        return asking(query, () -> value(query));
    }

    private String value(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private Map<DocumentName, String> texts() throws SQLException {
        var documents = new LinkedHashMap<DocumentName, String>();
        for (var index : expectations.keySet()) {
            texts(index).forEach((id, text) -> documents.put(new DocumentName(index, id), text));
        }
        return documents;
    }

    private Map<String, String> texts(String index) throws SQLException {
        var documents = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(expectations.get(index))) {
            while (rows.next()) {
                documents.put(rows.getString(1), rows.getString(2));
            }
        }
        return documents;
    }

    private static Map<DocumentName, @Nullable JsonNode> touched(
            Map<DocumentName, String> before, Map<DocumentName, String> after) {
        var touched = new LinkedHashMap<DocumentName, @Nullable JsonNode>();
        after.forEach((name, text) -> {
            if (!text.equals(before.get(name))) {
                touched.put(name, Json.parse(text));
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(name -> touched.put(name, null));
        return touched;
    }

    private static <T> T asking(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new DemoException("asked the shop's database for " + what + ": " + e.getMessage(), e);
        }
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // the server goes next
        }
    }

    /**
     * A transaction that was committed.
     *
     * @param startedNanos {@link System#nanoTime} when the commit was sent, so a little before it took effect
     * @param touched each document whose content it changed, and as what it must be found now; null: not at all
     */
    record Commit(long startedNanos, Map<DocumentName, @Nullable JsonNode> touched) {}
}
