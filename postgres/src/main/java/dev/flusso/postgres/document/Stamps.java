package dev.flusso.postgres.document;

import dev.flusso.worker.Stamp;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads what a statement says of the moment it ran at. */
final class Stamps {

    static final String SQL = "SELECT " + Fingerprint.SNAPSHOT + ", " + Fingerprint.WAL_FILE;

    private static final int TIMELINE_DIGITS = 8;

    private Stamps() {}

    /**
     * What two columns of it say.
     *
     * @param snapshot {@code pg_current_snapshot()}'s text
     * @param walFile the name of the WAL file that is being written, which begins with the timeline
     */
    static Stamp of(String snapshot, String walFile) {
        return Stamp.parse(Integer.parseInt(walFile.substring(0, TIMELINE_DIGITS), 16), snapshot);
    }

    static Stamp now(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SQL);
                var row = query.executeQuery()) {
            row.next();
            return of(row.getString(1), row.getString(2));
        }
    }
}
