package dev.flusso.postgres.inspect;

import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.TableRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares a database with what is to run on it. All of the catalog is read in one read-only transaction; a few documents are built in
 * sessions that are read-only too. Changes nothing, waits for no lock of the application's, and starts no thread of its own.
 */
public final class DatabaseInspection {

    private static final String SESSION =
            "SET search_path = pg_catalog; SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET TimeZone = 'UTC'";
    private static final int OLDEST = 140_000;

    private final InspectionRequest request;
    private final PostgresAddress settings;
    private final Scan scan;
    private final Findings findings = new Findings();

    private DatabaseInspection(PostgresAddress settings, InspectionRequest request, Scan scan) {
        this.settings = settings;
        this.scan = scan;
        this.request = request;
    }

    /**
     * Everything there is to say, in the order in which it was met: server, tables, coverage, documents.
     *
     * @throws DatabaseUnusableException when the database cannot be asked
     */
    public static List<DatabaseFinding> of(PostgresAddress settings, InspectionRequest request) {
        return of(settings, request, Scan.CHEAP);
    }

    static List<DatabaseFinding> of(PostgresAddress settings, InspectionRequest request, Scan scan) {
        var inspection = new DatabaseInspection(settings, request, scan);
        try (var connection = inspection.connect()) {
            inspection.inspect(connection);
        } catch (SQLException e) {
            throw new DatabaseUnusableException(
                    "the database at " + settings + " cannot be asked: " + SqlFailure.oneLine(e)
                            + "; check 'source.connection_url', user and password, and the server's pg_hba.conf",
                    e);
        }
        return inspection.findings.all();
    }

    private Connection connect() throws SQLException {
        var properties = settings.properties();
        properties.setProperty("socketTimeout", "60");
        var connection = DriverManager.getConnection(settings.jdbcUrl(), properties);
        try (var statement = connection.createStatement()) {
            statement.execute(SESSION);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void inspect(Connection connection) throws SQLException {
        var server = new ServerInspection(connection, findings).inspect(request);
        if (server.version() < OLDEST) {
            return; // its catalogs are not those we know
        }
        var reader = new TablesReader(connection);
        var wanted = wanted();
        var facts = reader.read(wanted);
        var tables = new TableInspection(facts, reader.near(absent(wanted, facts)), server.role(), findings);
        var texts = new LongTexts();
        var sound = new TreeMap<String, IndexConfig>();
        for (var index : request.indexes()) {
            long before = findings.errors();
            new SchemaInspection(index, tables, texts, findings).inspect();
            var root = facts.get(index.schema().table());
            if (findings.errors() == before && root != null) {
                sound.put(index.name(), index);
            }
        }
        new CoverageInspection(connection, request, facts, server, findings).inspect();
        rows(connection, facts, texts);
        try (var documents =
                new DocumentInspection(connection, settings, facts, scan, request.maxDocumentBytes(), findings)) {
            for (var index : sound.values()) {
                var root = facts.get(index.schema().table());
                if (root != null) {
                    documents.inspect(index, root);
                }
            }
        }
        connection.rollback();
    }

    private void rows(Connection connection, Map<TableRef, TableFacts> facts, LongTexts texts) throws SQLException {
        var rows = new RowInspection(connection, scan, findings);
        var seen = new TreeSet<TableRef>();
        for (var index : request.indexes()) {
            for (var mention : Mentions.of(index.schema())) {
                var table = facts.get(mention.table());
                if (table != null && seen.add(mention.table())) {
                    rows.inspect(table, texts.of(mention.table()), mention.place());
                }
            }
        }
    }

    private Collection<TableRef> wanted() {
        var wanted = new TreeSet<TableRef>();
        request.indexes().forEach(index -> Mentions.of(index.schema()).forEach(mention -> wanted.add(mention.table())));
        return wanted;
    }

    private static Collection<TableRef> absent(Collection<TableRef> wanted, Map<TableRef, TableFacts> facts) {
        return wanted.stream().filter(table -> !facts.containsKey(table)).toList();
    }
}
