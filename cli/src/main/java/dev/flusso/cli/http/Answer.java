package dev.flusso.cli.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * What a page answers.
 *
 * @param status the HTTP status
 * @param type the content type
 * @param body the text, sent in UTF-8
 */
record Answer(int status, String type, String body) {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    static Answer text(int status, String line) {
        return new Answer(status, TEXT, line + "\n");
    }

    /** A refusal as {@code {"error": "..."}}, for programs. */
    static Answer error(int status, String line) {
        var object = JsonNodeFactory.instance.objectNode().put("error", line);
        return new Answer(status, JSON, object + "\n");
    }

    static Answer json(String json) {
        return new Answer(200, JSON, json + "\n");
    }
}
