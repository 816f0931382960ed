package dev.flusso.journal.chronicle;

import dev.flusso.journal.Gap;
import java.util.Optional;

/** The numbers of gap reasons on disk: never renumber, never reuse. */
final class GapCodes {

    private GapCodes() {}

    static int code(Gap.Reason reason) {
        return switch (reason) {
            case SLOT_LOST -> 1;
            case SLOT_INVALIDATED -> 2;
            case SOURCE_REPLACED -> 3;
            case SOURCE_ROLLED_BACK -> 4;
            case JOURNAL_ROLLED_BACK -> 5;
            case JOURNAL_DAMAGED -> 6;
            case PARTITION_CHANGED -> 7;
            case TABLE_CHANGED -> 8;
        };
    }

    static Optional<Gap.Reason> reason(int code) {
        for (var reason : Gap.Reason.values()) {
            if (code(reason) == code) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
