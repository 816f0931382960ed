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
import java.util.Map;

/**
 * Has Postgres accept the statements of an index and build some documents by them: what the catalog does not show, such as an error in
 * a raw filter, shows here. The documents are measured where they are built and not fetched. One thread.
 */
final class DocumentInspection implements AutoCloseable {

    private static final ReaderSettings SETTINGS =
            new ReaderSettings(1, 1, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    /** Larger ones are measured, and stay where they are; of the others is seen whether they would be refused. */
    private static final long FETCHED_BYTES = 1 << 20;

    /** Built by one statement: the largest come first, and one that takes too long must not hide the others. */
    private static final int AT_ONCE = 25;

    private final Connection connection;
    private final PostgresRowReader reader;
    private final Map<TableRef, TableFacts> facts;
    private final Scan scan;
    private final long maxDocumentBytes;
    private final Findings findings;

    DocumentInspection(
            Connection connection,
            PostgresAddress settings,
            Map<TableRef, TableFacts> facts,
            Scan scan,
            long maxDocumentBytes,
            Findings findings) {
        this.connection = connection;
        this.reader = PostgresRowReader.open(settings, SETTINGS);
        this.facts = facts;
        this.scan = scan;
        this.maxDocumentBytes = maxDocumentBytes;
        this.findings = findings;
    }

    /** What was measured so far. */
    private static final class Measured {
        private int documents;
        private int refused;
        private String refusal = "";
        private long largest;
        private String id = "";
    }

    /** @param root the table of the schema, which is there */
    void inspect(IndexConfig index, TableFacts root) throws SQLException {
        var place = index.schema().place();
        try {
            measure(index, reader.open(index.name(), index.schema(), FETCHED_BYTES), root);
        } catch (DriftException e) {
            var message = String.valueOf(e.getMessage());
            var prefix = e.place() + ": ";
            findings.error(e.place(), message.startsWith(prefix) ? message.substring(prefix.length()) : message, "");
        } catch (SourceUnavailableException e) {
            findings.warning(
                    place,
                    "index '" + index.name() + "': no more documents could be built to measure them: " + e.getMessage(),
                    "look at the server's log");
        }
    }

    private void measure(IndexConfig index, IndexReader documents, TableFacts root) throws SQLException {
        var candidates = new LargestKeys(connection, facts, scan);
        var keys = new ArrayList<>(candidates.of(index.schema(), root));
        if (keys.isEmpty()) {
            findings.note(
                    index.schema().place(),
                    "index '" + index.name() + "': " + root.table() + " has no rows to measure",
                    "");
            return;
        }
        var measured = new Measured();
        try {
            for (int from = 0; from < keys.size(); from += AT_ONCE) {
                measure(documents, keys.subList(from, Math.min(keys.size(), from + AT_ONCE)), measured);
            }
        } finally {
            tell(index, measured, candidates.ways(), index.schema().place());
        }
    }

    private static void measure(IndexReader documents, List<Key> keys, Measured measured) {
        for (var answer : documents.documents(keys).answers()) {
            var document = answer.document();
            if (document != null) {
                measured.documents++;
                var refused = document.refused();
                if (refused != null) {
                    measured.refused++;
                    measured.refusal = "that of id " + document.id() + ": " + refused.reason();
                }
                if (document.bytes() > measured.largest) {
                    measured.largest = document.bytes();
                    measured.id = document.id();
                }
            }
        }
    }

    private void tell(IndexConfig index, Measured measured, String ways, Place place) {
        if (measured.documents == 0) {
            findings.note(place, "index '" + index.name() + "': none of the rows looked at has a document", "");
            return;
        }
        if (measured.refused > 0) {
            findings.warning(
                    place,
                    "index '" + index.name() + "': " + measured.refused + " of " + measured.documents
                            + " documents built to measure them would be rejected, such as " + measured.refusal,
                    "mend the row, or give the field a type that holds such a value");
        }
        if (measured.refused == measured.documents) {
            return; // what would not be sent has no size
        }
        var size = "index '" + index.name() + "': of " + measured.documents
                + (measured.documents == 1 ? " document built to measure it (" : " documents built to measure them (")
                + ways + "), the largest has " + ByteText.of(measured.largest) + " (id " + measured.id + ")";
        if (measured.largest > maxDocumentBytes) {
            findings.warning(
                    place,
                    size + ", and max_document_bytes is " + ByteText.of(maxDocumentBytes) + ": it would be rejected",
                    "raise max_document_bytes of the sink, or give a has_many a limit");
        } else {
            findings.note(place, size, "");
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
