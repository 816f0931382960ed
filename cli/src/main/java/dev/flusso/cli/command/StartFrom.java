package dev.flusso.cli.command;

import dev.flusso.journal.Position;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Where {@code work --from} sends the named lanes before it starts. */
public sealed interface StartFrom {

    /** The oldest entry kept. */
    record Beginning() implements StartFrom {}

    /** After an entry. */
    record After(Position position) implements StartFrom {}

    /** The first entry committed at or after a time. */
    record Since(Instant time) implements StartFrom {}

    /** Reads {@code beginning}, a journal position, or an RFC 3339 time with its offset. */
    static StartFrom parse(String text) {
        if (text.equals("beginning")) {
            return new Beginning();
        }
        try {
            return new After(Position.parse(text));
        } catch (IllegalArgumentException e) {
            // then it is a time
        }
        try {
            return new Since(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither 'beginning', a journal position like 3-0000000200000017,"
                            + " nor a time like 2026-11-20T10:00:00Z",
                    e);
        }
    }
}
