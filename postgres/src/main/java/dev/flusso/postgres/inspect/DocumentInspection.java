package dev.flusso.postgres.inspect;

import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.RowReader.IndexReader;
import dev.flusso.worker.SourceUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has Postgres accept the statements of an index and build some documents by them: what the catalog does not show, such as an error in
 * a raw filter, shows here. One thread.
 */
final class DocumentInspection implements AutoCloseable {

    private static final int SAMPLE = 100;
    private static final ReaderSettings SETTINGS =
            new ReaderSettings(1, 1, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    private final Connection connection;
    private final PostgresRowReader reader;
    private final long maxDocumentBytes;
    private final Findings findings;

    DocumentInspection(Connection connection, PostgresAddress settings, long maxDocumentBytes, Findings findings) {
        this.connection = connection;
        this.reader = PostgresRowReader.open(settings, SETTINGS);
        this.maxDocumentBytes = maxDocumentBytes;
        this.findings = findings;
    }

    /** @param root the table of the schema, which is there */
    void inspect(IndexConfig index, TableFacts root) throws SQLException {
        var place = index.schema().place();
        try {
            var documents = reader.open(index.name(), index.schema(), maxDocumentBytes);
            sample(index, documents, root, place);
        } catch (DriftException e) {
            var message = String.valueOf(e.getMessage());
            var prefix = e.place() + ": ";
            findings.error(e.place(), message.startsWith(prefix) ? message.substring(prefix.length()) : message, "");
        } catch (SourceUnavailableException e) {
            findings.warning(
                    place,
                    "no documents could be built to measure them: " + e.getMessage(),
                    "look at the server's log");
        }
    }

    private void sample(IndexConfig index, IndexReader documents, TableFacts root, Place place) throws SQLException {
        var keys = keys(index, root);
        var rows = root.rows() < 0 ? "an unknown number of" : "about " + root.rows();
        var wide = root.width() > 0 ? " of about " + ByteText.of(root.width()) : "";
        if (keys.isEmpty()) {
            findings.note(place, "index '" + index.name() + "': " + root.table() + " has no rows to measure", "");
            return;
        }
        long largest = 0;
        String id = "";
        int built = 0;
        for (var answer : documents.documents(keys).answers()) {
            var document = answer.document();
            if (document != null) {
                built++;
                if (document.bytes() > largest) {
                    largest = document.bytes();
                    id = document.id();
                }
            }
        }
        var size = "index '" + index.name() + "': " + rows + " rows" + wide + "; of " + built
                + " documents built to measure them, the largest has " + ByteText.of(largest)
                + (built == 0 ? "" : " (id " + id + ")");
        if (largest > maxDocumentBytes) {
            findings.warning(
                    place,
                    size + ", and max_document_bytes is " + ByteText.of(maxDocumentBytes) + ": it would be rejected",
                    "raise max_document_bytes of the sink, or give a has_many a limit");
        } else {
            findings.note(place, size, "");
        }
    }

    private List<Key> keys(IndexConfig index, TableFacts root) throws SQLException {
        var key = index.schema().primaryKey();
        var columns =
                key.stream().map(TableRef::quoted).map(name -> "t." + name).toList();
        double percent = root.rows() > 20L * SAMPLE ? Math.max(0.001, 100.0 * 4 * SAMPLE / root.rows()) : 100;
        var sql = "SELECT " + columns.stream().map(name -> name + "::text").collect(Collectors.joining(", ")) + " FROM "
                + root.table().sql() + " t TABLESAMPLE SYSTEM (" + percent + ") WHERE "
                + columns.stream().map(name -> name + " IS NOT NULL").collect(Collectors.joining(" AND ")) + " LIMIT "
                + SAMPLE;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var keys = new ArrayList<Key>();
            while (rows.next()) {
                var parts = new ArrayList<String>();
                for (int i = 1; i <= columns.size(); i++) {
                    parts.add(rows.getString(i));
                }
                keys.add(new Key(parts));
            }
            return keys;
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
