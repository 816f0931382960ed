package dev.flusso.postgres.document;

import dev.flusso.worker.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys as parameters: one array of texts for each column. */
final class KeyArrays {

    private KeyArrays() {}

    /** Sets as many parameters, from {@code first} on, as the keys have parts. */
    static void set(PreparedStatement query, int first, List<Key> keys, int parts) throws SQLException {
        for (int part = 0; part < parts; part++) {
            var column = new String[keys.size()];
            for (int i = 0; i < column.length; i++) {
                column[i] = keys.get(i).parts().get(part);
            }
            query.setArray(first + part, query.getConnection().createArrayOf("text", column));
        }
    }

    /** Sets the parts of one key as parameters and returns the next parameter; none for no key. */
    static int setParts(PreparedStatement query, int first, @Nullable Key key) throws SQLException {
        int next = first;
        if (key != null) {
            for (var part : key.parts()) {
                query.setString(next++, part);
            }
        }
        return next;
    }

    /**
     * Checks the caller.
     *
     * @throws IllegalArgumentException when a key has another number of parts
     */
    static void check(List<Key> keys, int parts, String what) {
        for (var key : keys) {
            if (key.parts().size() != parts) {
                throw new IllegalArgumentException(
                        "key '" + key + "' has " + key.parts().size() + " part(s), expected " + parts + " for " + what);
            }
        }
    }

    /** Marks the keys the types can read, by as few queries as there are unreadable ones times the depth of halving. */
    static boolean[] readable(Connection connection, List<Key> keys, List<PgType> types) throws SQLException {
        var readable = new boolean[keys.size()];
        var sql = new StringBuilder("SELECT ");
        for (int i = 0; i < types.size(); i++) {
            sql.append(i == 0 ? "" : " + ")
                    .append("count(u.a")
                    .append(i)
                    .append("::")
                    .append(types.get(i).sql())
                    .append(")");
        }
        sql.append(" FROM unnest(");
        for (int i = 0; i < types.size(); i++) {
            sql.append(i == 0 ? "" : ", ").append("?::text[]");
        }
        sql.append(") u(");
        for (int i = 0; i < types.size(); i++) {
            sql.append(i == 0 ? "" : ", ").append('a').append(i);
        }
        try (var query = connection.prepareStatement(sql.append(')').toString())) {
            halve(query, keys, 0, keys.size(), types.size(), readable);
        }
        return readable;
    }

    private static void halve(
            PreparedStatement query, List<Key> keys, int from, int until, int parts, boolean[] readable)
            throws SQLException {
        if (from >= until) {
            return;
        }
        set(query, 1, keys.subList(from, until), parts);
        try {
            query.executeQuery().close();
            java.util.Arrays.fill(readable, from, until, true);
        } catch (SQLException e) {
            if (!SourceTrouble.isUnreadable(e)) {
                throw e;
            }
            if (until - from > 1) {
                int middle = (from + until) >>> 1;
                halve(query, keys, from, middle, parts, readable);
                halve(query, keys, middle, until, parts, readable);
            }
        }
    }
}
