package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Error texts of OpenSearch made fit to be shown: one line, and none of a document's values, which may be secrets. */
final class ErrorReason {

    private static final int LONGEST = 400;

    /** Behind these a value from the document follows. */
    private static final List<String> BEFORE_VALUES = List.of(
            " Preview of field's value",
            " The prefix of the first immense term",
            ", original message",
            " at [Source",
            " original value");

    /** Reasons of errors of a general type that begin so are about the mapping. */
    private static final List<String> OF_MAPPING = List.of("mapper [", "Limit of ", "The number of nested documents");

    private ErrorReason() {}

    /** Of one document's error: its reason, and behind it the cause without anything quoted. */
    static String ofDocument(String type, String reason, String causeType, String causeReason) {
        var shown = isOfMapping(type, reason) ? cut(reason) : withoutValues(reason);
        if (causeType.isEmpty()) {
            return oneLine(shown);
        }
        return oneLine(shown + "; " + causeType + ": " + withoutValues(causeReason));
    }

    /** Whether the reason quotes names of the mapping, not values. */
    private static boolean isOfMapping(String type, String reason) {
        return type.startsWith("mapper_")
                || type.startsWith("strict_dynamic_")
                || OF_MAPPING.stream().anyMatch(reason::startsWith);
    }

    /** Of a whole request's error. */
    static String ofRequest(JsonNode error) {
        if (error.isTextual()) {
            return oneLine(error.asText());
        }
        var type = error.path("type").asText("");
        var reason = oneLine(cut(error.path("reason").asText("")));
        var cause = error.path("caused_by").path("reason").asText("");
        var because = cause.isEmpty() || cause.equals(error.path("reason").asText(""))
                ? ""
                : " (" + oneLine(cut(cause)) + ")";
        return type + ": " + reason + because;
    }

    private static String cut(String reason) {
        var end = reason.length();
        for (var marker : BEFORE_VALUES) {
            var at = reason.indexOf(marker);
            end = at >= 0 && at < end ? at : end;
        }
        return reason.substring(0, end).strip();
    }

    /** Up to the first thing in quotes or brackets: in such a text any of them may be a value, and a value may hold any of them. */
    private static String withoutValues(String reason) {
        var plain = cut(reason);
        for (var i = 0; i < plain.length(); i++) {
            if ("[\"'(`<{".indexOf(plain.charAt(i)) >= 0 && !namesField(plain, i)) {
                return plain.substring(0, i) + "…";
            }
        }
        return plain;
    }

    /** {@code immense term in field="x"}: the one quotation we want to see. */
    private static boolean namesField(String text, int at) {
        if (text.startsWith("field=\"", Math.max(0, at - 6))) {
            return true;
        }
        var opening = text.lastIndexOf("field=\"", at);
        return opening >= 0 && text.indexOf('"', opening + 7) == at;
    }

    private static String oneLine(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
