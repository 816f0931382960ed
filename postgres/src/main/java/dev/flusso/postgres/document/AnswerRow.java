package dev.flusso.postgres.document;

import dev.flusso.worker.Answer;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;

/** Rows of the document statements, as {@link DocumentSql#documents} lists their columns. */
final class AnswerRow {

    /** What a document is called that is not sent because a field would hold something else than the row. */
    static final String VALUE_REFUSED = "value_refused";

    private static final byte[] NOT_FETCHED = {};

    private AnswerRow() {}

    static Answer read(ResultSet row, Key asked) throws SQLException {
        var askedId = row.getString(2);
        var id = row.getString(3);
        if (id == null) {
            return new Answer(asked, askedId, null);
        }
        long bytes = row.getLong(4);
        if (row.wasNull()) {
            throw new IllegalStateException("the document of key '" + asked + "' came out empty, expected JSON");
        }
        var json = row.getBytes(5);
        if (json == null) {
            return new Answer(asked, askedId, new Answer.Found(id, NOT_FETCHED, bytes));
        }
        var fault = onOneLine(json);
        return new Answer(
                asked,
                askedId,
                fault.isEmpty()
                        ? new Answer.Found(id, json, bytes)
                        : Answer.Found.refused(id, new Outcome.Rejected(VALUE_REFUSED, fault)));
    }

    /**
     * Makes line feeds, which in JSON can only be white space between values, blanks: the driver's array is the row's own.
     *
     * @return what is wrong with a value in it; empty when nothing is
     */
    private static String onOneLine(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n') {
                json[i] = ' ';
            } else if (json[i] == FitSql.FAULT) {
                int end = i + 1;
                while (end < json.length && json[end] != FitSql.FAULT) {
                    end++;
                }
                return new String(json, i + 1, end - i - 1, StandardCharsets.UTF_8).replace('\n', ' ');
            }
        }
        return "";
    }

    /** The parts of a key in successive columns. */
    static Key key(ResultSet row, int first, int parts) throws SQLException {
        var texts = new ArrayList<String>(parts);
        for (int i = 0; i < parts; i++) {
            texts.add(row.getString(first + i));
        }
        return new Key(texts);
    }
}
