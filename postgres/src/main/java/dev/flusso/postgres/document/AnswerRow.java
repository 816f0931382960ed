package dev.flusso.postgres.document;

import dev.flusso.worker.Answer;
import dev.flusso.worker.Key;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;

/** Rows of the document statements, as {@link DocumentSql#documents} lists their columns. */
final class AnswerRow {

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
        return new Answer(asked, askedId, new Answer.Found(id, json == null ? NOT_FETCHED : onOneLine(json), bytes));
    }

    /** A line feed in JSON can only be white space between values: strings hold it escaped. The driver's array is the row's own. */
    private static byte[] onOneLine(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n') {
                json[i] = ' ';
            }
        }
        return json;
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
