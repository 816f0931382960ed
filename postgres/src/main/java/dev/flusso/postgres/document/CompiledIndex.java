package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** The statements of an index for the catalog as it was at one moment. */
final class CompiledIndex {

    private final DocumentSchema schema;
    private final Catalog catalog;
    private final Marks marks;
    private final DocumentSql writer;
    private final PathSql paths;
    private final Map<Portion, String> documents = new ConcurrentHashMap<>();
    private final List<PgType> keyTypes;
    private final Fingerprint expression;
    private final String fingerprint;
    private final String definition;
    private final Map<Scan, String> scans = new ConcurrentHashMap<>();
    private final Map<PathPage, String> resolving = new ConcurrentHashMap<>();

    private record Scan(boolean from, boolean until, Portion portion) {}

    private record PathPage(ResolutionPath path, boolean after) {}

    private CompiledIndex(
            DocumentSchema schema,
            Catalog catalog,
            Fingerprint expression,
            String fingerprint,
            String definition,
            long maxDocumentBytes) {
        this.schema = schema;
        this.definition = definition;
        this.catalog = catalog;
        this.expression = expression;
        this.fingerprint = fingerprint;
        this.marks = new Marks();
        this.writer = new DocumentSql(schema, catalog, marks, expression, maxDocumentBytes);
        this.paths = new PathSql(schema, catalog, expression);
        this.keyTypes = writer.keyTypes();
    }

    /**
     * Reads the catalog, all of it in one snapshot, writes the statements, and has the database accept them.
     *
     * @param connection in autocommit mode, and left so
     */
    static CompiledIndex compile(Connection connection, DocumentSchema schema, long maxDocumentBytes)
            throws SQLException {
        var compiled = inOneSnapshot(connection, schema, maxDocumentBytes);
        compiled.tryOut(connection);
        return compiled;
    }

    private static CompiledIndex inOneSnapshot(Connection connection, DocumentSchema schema, long maxDocumentBytes)
            throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            var catalog = Catalog.load(connection, SchemaTables.of(schema));
            var expression = Fingerprint.of(catalog);
            try (var row = statement.executeQuery("SELECT " + expression.sql())) {
                row.next();
                var value = String.valueOf(row.getString(1));
                var definition = Definition.of(connection, schema, catalog);
                return new CompiledIndex(schema, catalog, expression, value, definition, maxDocumentBytes);
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** What the names in the schema meant when this was compiled. */
    String definition() {
        return definition;
    }

    /** Runs each statement for no keys: the planner looks at every name, type and right in them. */
    private void tryOut(Connection connection) throws SQLException {
        tryOut(connection, documents(Portion.SMALL), keyTypes.size(), 0);
        tryOut(connection, "EXPLAIN " + scan(false, false, Portion.SMALL), 0, 0); // run, it would read the table
        for (var path : schema.paths()) {
            if (!path.hops().isEmpty()) {
                tryOut(
                        connection,
                        resolving(path, false),
                        paths.startTypes(path).size(),
                        1);
            }
        }
    }

    private void tryOut(Connection connection, String sql, int arrays, int limits) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            for (int i = 1; i <= arrays; i++) {
                query.setArray(i, connection.createArrayOf("text", new String[0]));
            }
            if (limits > 0) {
                query.setInt(arrays + 1, 1);
            }
            query.executeQuery().close();
        } catch (SQLException e) {
            if (SourceTrouble.isUnavailable(e)) {
                throw e;
            }
            throw drift(e, sql);
        }
    }

    /** An error of one of the statements as one about the schema, with the place its text came from. */
    DriftException drift(SQLException e, String sql) {
        var place = schema.place();
        if (e instanceof PSQLException postgres && postgres.getServerErrorMessage() != null) {
            int position = postgres.getServerErrorMessage().getPosition();
            place = position > 0 ? marks.at(sql, position - keyTypes.size(), place) : place;
        }
        return new DriftException(place, "Postgres refuses the statement: " + SourceTrouble.reason(e), e);
    }

    String documents(Portion portion) {
        return documents.computeIfAbsent(portion, wanted -> {
            synchronized (writer) {
                return writer.documents(wanted);
            }
        });
    }

    String scan(boolean from, boolean until, Portion portion) {
        return scans.computeIfAbsent(new Scan(from, until, portion), wanted -> {
            synchronized (writer) {
                return writer.scan(wanted.from(), wanted.until(), wanted.portion());
            }
        });
    }

    String resolving(ResolutionPath path, boolean after) {
        return resolving.computeIfAbsent(new PathPage(path, after), page -> paths.sql(page.path(), page.after()));
    }

    List<PgType> startTypes(ResolutionPath path) {
        return paths.startTypes(path);
    }

    RangeSql ranges() {
        return new RangeSql(root(), schema.primaryKey(), keyTypes);
    }

    Relation root() {
        return catalog.relation(schema.table(), schema.place());
    }

    Catalog catalog() {
        return catalog;
    }

    /** Types of the root's key, without domains. */
    List<PgType> keyTypes() {
        return Collections.unmodifiableList(keyTypes);
    }

    /** Whether no two rows can have the same key. */
    boolean isKeyUnique() {
        return root().isUnique(schema.primaryKey());
    }

    String askedIds() {
        return writer.askedIds();
    }

    String keyPage(boolean fromKey, boolean after, boolean untilKey) {
        return writer.keyPage(fromKey, after, untilKey);
    }

    /**
     * Asks what the tables are now.
     *
     * @throws TablesChangedException when they are not as they were
     */
    void checkNow(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("SELECT " + expression.sql());
                var row = query.executeQuery()) {
            row.next();
            check(row.getString(1));
        }
    }

    /** That the key does not name a row. */
    DriftException twice(Key key) {
        return new DriftException(
                schema.place(),
                "two rows of table " + schema.table() + " have the primary key '" + key + "' ("
                        + String.join(", ", schema.primaryKey()) + "), expected columns that no two rows share");
    }

    /** What a document is called whose row makes the statement fail. */
    Outcome.Rejected rowFailed(SQLException e) {
        return new Outcome.Rejected("row_failed", schema.place() + ": " + SourceTrouble.reason(e));
    }

    /**
     * Looks at what a statement said of the tables.
     *
     * @throws TablesChangedException when they are not as they were
     */
    void check(@Nullable String found) {
        if (!fingerprint.equals(found)) {
            throw new TablesChangedException();
        }
    }
}
