package dev.flusso.postgres;

import dev.flusso.capture.CaptureException;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.capture.SourceUnavailableException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;

/** What an SQLSTATE means to capture. */
public final class SqlFailure {

    public static final String LOCK_NOT_AVAILABLE = "55P03";
    public static final String QUERY_CANCELED = "57014";
    public static final String OBJECT_IN_USE = "55006";
    public static final String UNDEFINED_OBJECT = "42704";
    public static final String INSUFFICIENT_PRIVILEGE = "42501";

    private SqlFailure() {}

    public static boolean is(SQLException e, String state) {
        return state.equals(e.getSQLState());
    }

    /** A class such as {@code 28}. */
    public static boolean isOfClass(SQLException e, String stateClass) {
        var state = e.getSQLState();
        return state != null && state.startsWith(stateClass);
    }

    /**
     * The exception capture understands.
     *
     * @param what the sentence's beginning: {@code cannot connect}
     * @param where for the message
     */
    public static CaptureException of(SQLException e, String what, PostgresAddress where) {
        var message = what + " at " + where + ": " + oneLine(e);
        var state = String.valueOf(e.getSQLState());
        return switch (state) {
            case "28P01", "28000", "08004" ->
                new SourceNotUsableException(
                        message + "; check user and password of 'source.connection_url' and the server's pg_hba.conf",
                        e);
            case "3D000" ->
                new SourceNotUsableException(message + "; create the database or correct 'source.connection_url'", e);
            case "42501" -> new SourceNotUsableException(message, e);
            default -> new SourceUnavailableException(message + tlsAdvice(e), e);
        };
    }

    private static String tlsAdvice(SQLException e) {
        return e.getCause() instanceof SSLException
                ? "; 'sslrootcert' in 'source.connection_url' names a PEM file with the authority to trust, and the certificate must be for"
                        + " this host"
                : "";
    }

    /** The server's message, and what was behind it, without line breaks. */
    public static String oneLine(SQLException e) {
        var message = String.valueOf(e.getMessage());
        var cause = e.getCause() == null ? null : e.getCause().getMessage();
        if (cause != null && !message.contains(cause)) {
            message += ": " + cause;
        }
        return message.replaceAll("\\s*\\R\\s*", "; ") + " (SQLSTATE " + e.getSQLState() + ")";
    }
}
