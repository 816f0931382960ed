package dev.flusso.postgres.document;

import java.sql.SQLException;
import java.util.Set;

/** What to make of an error the database gave. */
final class SourceTrouble {

    private SourceTrouble() {}

    /** Whether the database could not be asked, rather than would not have the question. */
    static boolean isUnavailable(SQLException e) {
        var state = e.getSQLState();
        if (state == null || state.length() < 2) {
            return true;
        }
        return switch (state.substring(0, 2)) {
            // connection, authorization, transaction rolled back, resources, in use or timed out, operator, system,
            // snapshot too old
            case "08", "28", "25", "40", "53", "55", "57", "58", "72", "3D", "F0", "HV" -> true;
            default -> false;
        };
    }

    /** Whether a value could not be read as the type it was given for. */
    static boolean isUnreadable(SQLException e) {
        var state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    /** Whether it may be single rows that fail: data, a constraint of a type, a subquery with two rows, a function's own error, a limit. */
    static boolean isOfRows(SQLException e) {
        var state = e.getSQLState();
        return state != null
                && state.length() == 5
                && Set.of("21", "22", "23", "38", "39", "54", "P0").contains(state.substring(0, 2));
    }

    /** One line, with the server's hint. */
    static String reason(SQLException e) {
        var message =
                String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", "; ").strip();
        return e.getSQLState() == null ? message : message + " (SQLSTATE " + e.getSQLState() + ")";
    }
}
