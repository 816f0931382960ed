package dev.flusso.opensearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a bulk request, read item by item:
 *
 * <pre>
 * {"errors":true,"items":[{"index":{"status":201}},{"delete":{"status":404}},
 *   {"index":{"status":400,"error":{"type":"…","reason":"…","caused_by":{"type":"…","reason":"…"}}}}]}
 * </pre>
 */
final class BulkAnswer {

    /** What the answer is to hold, and no more. */
    static final String FILTER =
            "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.type,items.*.error.caused_by.reason";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Outcome WRITTEN = new Outcome.Written();
    private static final Outcome NEWER_THERE = new Outcome.NewerThere();

    /** Errors with status 500 that tell of a fault in the server's handling of this document, not of a server in trouble. */
    private static final Set<String> PROGRAMMING_ERRORS = Set.of(
            "null_pointer_exception",
            "class_cast_exception",
            "array_index_out_of_bounds_exception",
            "index_out_of_bounds_exception",
            "string_index_out_of_bounds_exception",
            "number_format_exception",
            "unsupported_operation_exception",
            "arithmetic_exception",
            "negative_array_size_exception");

    private final String shown;
    private final String index;
    private final List<DocumentWrite> writes;
    private final JsonParser parser;

    private BulkAnswer(String shown, String index, List<DocumentWrite> writes, JsonParser parser) {
        this.shown = shown;
        this.index = index;
        this.writes = writes;
        this.parser = parser;
    }

    /**
     * An outcome for each write, in their order.
     *
     * @param guarded whether the request had a {@link BulkBody#hasGuard guard}
     * @throws SinkException when the answer is none to these writes, or when an item's error concerns them all
     */
    static List<Outcome> read(String shown, String index, byte[] body, List<DocumentWrite> writes, boolean guarded) {
        try (var parser = FACTORY.createParser(body)) {
            var outcomes = new BulkAnswer(shown, index, writes, parser).outcomes(guarded);
            if (outcomes.size() != writes.size()) {
                throw unreadable(shown, index, outcomes.size() + " items for " + writes.size() + " documents", null);
            }
            return outcomes;
        } catch (IOException e) {
            throw unreadable(shown, index, "no JSON", e);
        }
    }

    private static SinkException unreadable(String shown, String index, String what, @Nullable Exception cause) {
        var message = shown + " gave an answer to a bulk request to '" + index + "' that cannot be relied on: " + what;
        return cause == null
                ? new SinkException(Kind.UNAVAILABLE, message)
                : new SinkException(Kind.UNAVAILABLE, message, cause);
    }

    private List<Outcome> outcomes(boolean guarded) throws IOException {
        var outcomes = new ArrayList<Outcome>(writes.size());
        expect(parser.nextToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            if (name.equals("items")) {
                expect(parser.currentToken() == JsonToken.START_ARRAY);
                while (outcomes.size() < writes.size() && parser.nextToken() == JsonToken.START_OBJECT) {
                    outcomes.add(item(writes.get(outcomes.size())));
                }
                if (guarded && parser.nextToken() == JsonToken.START_OBJECT) {
                    parser.skipChildren();
                }
                parser.nextToken();
                expect(parser.currentToken() == JsonToken.END_ARRAY);
            } else {
                parser.skipChildren();
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT);
        return outcomes;
    }

    /** {@code {"index":{…}}}, the parser at its beginning. */
    private Outcome item(DocumentWrite write) throws IOException {
        expect(parser.nextToken() == JsonToken.FIELD_NAME);
        expect(parser.currentName().equals(write instanceof DocumentWrite.Upsert ? "index" : "delete"));
        expect(parser.nextToken() == JsonToken.START_OBJECT);
        var item = new Item();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            var value = parser.nextToken();
            if (name.equals("status") && value == JsonToken.VALUE_NUMBER_INT) {
                item.status = parser.getIntValue();
            } else if (name.equals("error") && value == JsonToken.START_OBJECT) {
                item.failed = true;
                error(item);
            } else {
                parser.skipChildren();
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT);
        expect(parser.nextToken() == JsonToken.END_OBJECT);
        return outcome(write, item);
    }

    private void error(Item item) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            var value = parser.nextToken();
            if (name.equals("caused_by") && value == JsonToken.START_OBJECT) {
                var cause = new Item();
                error(cause);
                item.causeType = cause.type;
                item.causeReason = cause.reason;
            } else if (name.equals("type")) {
                item.type = parser.getValueAsString("");
            } else if (name.equals("reason")) {
                item.reason = parser.getValueAsString("");
            } else {
                parser.skipChildren();
            }
        }
        expect(parser.currentToken() == JsonToken.END_OBJECT);
    }

    private Outcome outcome(DocumentWrite write, Item item) {
        if (!item.failed) {
            if (item.status >= 200 && item.status < 300) {
                return WRITTEN;
            }
            if (item.status == 404 && write instanceof DocumentWrite.Delete) {
                return WRITTEN;
            }
        }
        if (item.status == 409 && item.type.equals("version_conflict_engine_exception")) {
            return NEWER_THERE;
        }
        failWhole(item);
        if (isBusy(item)) {
            return new Outcome.Busy(item.status + " " + item.type);
        }
        if (!item.failed) {
            throw unreadable(shown, index, "an item with status " + item.status, null);
        }
        return new Outcome.Rejected(
                item.type.isEmpty() ? "status_" + item.status : item.type,
                ErrorReason.ofDocument(item.type, item.reason, item.causeType, item.causeReason));
    }

    /** Throws when the item's error is not about its document. */
    private void failWhole(Item item) {
        Kind kind;
        if (Refusal.isMissingIndex(item.type)) {
            kind = Kind.INDEX_MISSING;
        } else if (Refusal.isBlock(item.type)) {
            kind = Refusal.ofBlock(item.reason);
        } else if (item.status == 401 || item.status == 403) {
            kind = Kind.FORBIDDEN;
        } else if (item.reason.startsWith("pipeline with id [")) {
            kind = Kind.REFUSED;
        } else {
            return;
        }
        throw new SinkException(
                kind,
                shown + " answered " + item.status + " to a write to '" + index + "': " + item.type + ": " + item.reason
                        + Refusal.advice(kind));
    }

    private static boolean isBusy(Item item) {
        return item.status == 429
                || item.status == 408
                || (item.status >= 500 && !PROGRAMMING_ERRORS.contains(item.type))
                || item.type.endsWith("rejected_execution_exception");
    }

    private void expect(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("not the form of a bulk answer at " + parser.currentTokenLocation());
        }
    }

    /** One item as far as it was read. */
    private static final class Item {
        private int status;
        private boolean failed;
        private String type = "";
        private String reason = "";
        private String causeType = "";
        private String causeReason = "";
    }
}
