package dev.flusso.worker;

import dev.flusso.journal.TableName;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.ResolutionPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port to the database that holds the rows. Any thread; calls block, share a bounded pool of connections fairly, and each call holds
 * at most one.
 */
public interface RowReader {

    /**
     * Prepares to read the documents of a schema. The catalog is looked at again, so this is also how to go on after a drift.
     *
     * @param index the index' name, for messages
     * @param maxDocumentBytes a larger document is measured, not fetched
     * @throws DriftException when tables or columns are not (or no longer) as the schema needs them
     * @throws SourceUnavailableException when the database cannot be asked now
     */
    IndexReader open(String index, DocumentSchema schema, long maxDocumentBytes);

    /**
     * Where the source stands now.
     *
     * @throws SourceUnavailableException when the database cannot be asked now
     */
    Stamp stamp();

    /** Reads one index' documents. As {@link RowReader}: any thread, blocking, at most one connection for each call. */
    interface IndexReader {

        /**
         * The primary key of a table as the catalog knows it: for a {@link ResolutionPath} with an empty start.
         *
         * @throws DriftException when it has none
         */
        List<String> primaryKey(TableName table);

        /**
         * What the schema's tables and columns are in the catalog, as far as the newest answer knows: another text than before means
         * that values may have changed without an event. Asks nobody.
         */
        String definition();

        /**
         * The documents of these keys, by one statement. Each key is answered; a missing answer is an exception, never a delete. A
         * key the key column's type cannot read (an enum's removed value) is answered as absent.
         *
         * <p>A row that makes the statement fail (a division by zero in a filter of the user's own) is answered by itself, as {@link
         * Answer.Found#refused refused}; the others are then built by further statements, and the stamp is that of the first, which
         * the others see no less than.
         */
        Built documents(List<Key> keys);

        /**
         * As {@link #documents(List)}, but may leave keys unanswered whose documents would not fit: the caller asks for those again.
         * At least one key is answered, and the stamp is that of all answers. Without this, many large documents asked for at once
         * would all have to be held.
         *
         * @param budgetBytes about how many bytes of documents to return at most
         */
        default Built documents(List<Key> keys, long budgetBytes) {
            return documents(keys);
        }

        /**
         * The root keys to which a path leads from these values, by one statement for the whole path, a page at a time.
         *
         * @param path one with at least one hop
         * @param starts values of the first hop's match columns
         * @param after the last key of the page before; null for the first page
         * @param limit how many keys at most
         */
        Resolved resolve(ResolutionPath path, List<Key> starts, @Nullable Key after, int limit);

        /** About how many root rows there are, as the planner knows; 0 when it does not. */
        long estimate();

        /** Cuts the root table into at most {@code count} ranges of about equal size, in key order, without sorting it twice. */
        List<KeyRange> ranges(int count);

        /**
         * The documents of a range, by one statement if they are not large; rows that have no document are left out.
         *
         * @param each is given each answer on the calling thread; it may block, rows are then not fetched meanwhile; the stamp is
         *     the statement's own, which for documents much larger than the others is another, later one. When a row makes the
         *     statement fail, the range is read once more by keys, so that answers may come twice
         */
        void scan(KeyRange range, ScanConsumer each);

        /** Takes what a scan finds. */
        interface ScanConsumer {
            void accept(Stamp stamp, Answer answer);
        }
    }
}
