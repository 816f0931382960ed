package dev.flusso.cli.http;

/**
 * What a page answers.
 *
 * @param status the HTTP status
 * @param type the content type
 * @param body the text, sent in UTF-8
 */
record Answer(int status, String type, String body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    static Answer text(int status, String line) {
        return new Answer(status, TEXT, line + "\n");
    }

    static Answer json(String json) {
        return new Answer(200, "application/json", json + "\n");
    }
}
