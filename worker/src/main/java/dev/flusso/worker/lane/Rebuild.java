package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.Position;
import java.util.Map;

/**
 * Why a new generation is to be built from current rows.
 *
 * @param reason one line for people
 * @param placeAfter the new generation must begin to tail after this: what stands here would only send it back to the start
 * @param seenAfter the new generation must begin with a word about coverage and visibility that stands after this
 */
record Rebuild(Cause cause, String reason, Position placeAfter, Position seenAfter) {

    /** The kinds of reasons. */
    enum Cause {
        /** There was none. */
        FIRST,
        /** Somebody asked. */
        REINDEX,
        /** Another schema. */
        SCHEMA,
        /** The root was emptied. */
        TRUNCATE,
        /** Changes may be missing from source or journal; policy may forbid to heal it. */
        GAP,
        /** A used column or table is another one now: values may have changed without an event. */
        REDEFINED,
        /** The stream does not carry what is needed. */
        STREAM,
        /** Retention took what was not read yet. */
        CUT_LOOSE,
        /** The index is gone from the sink, or another or an older one stands in its place. */
        SINK;

        /** Whether what is served meanwhile may be wrong. */
        boolean heals() {
            return switch (this) {
                case GAP, REDEFINED, STREAM, CUT_LOOSE, SINK -> true;
                case FIRST, REINDEX, SCHEMA, TRUNCATE -> false;
            };
        }
    }

    static Rebuild of(Cause cause, String reason) {
        return new Rebuild(cause, reason, Position.BEGINNING, Position.BEGINNING);
    }

    /** For something that stands in the journal and must not be read again. */
    static Rebuild past(Cause cause, String reason, Position place) {
        return new Rebuild(cause, reason, place, Position.BEGINNING);
    }

    /** For something in the journal that does not matter to whoever begins to read rows later. */
    static Rebuild seen(Cause cause, String reason, Position place) {
        return new Rebuild(cause, reason, Position.BEGINNING, place);
    }

    /** Whether a generation that tails from {@code place}, sure of the stream at {@code covered}, has what this asks for. */
    boolean isMetBy(Position place, Position covered) {
        return (placeAfter.equals(Position.BEGINNING) || place.isAfter(placeAfter))
                && (seenAfter.equals(Position.BEGINNING) || covered.isAfter(seenAfter));
    }

    /** What satisfies both; the other's reason is told when it weighs more. */
    Rebuild and(Rebuild other) {
        var told = other.cause.heals() && !cause.heals() ? other : this;
        return new Rebuild(
                told.cause,
                told.reason,
                placeAfter.isAfter(other.placeAfter) ? placeAfter : other.placeAfter,
                seenAfter.isAfter(other.seenAfter) ? seenAfter : other.seenAfter);
    }

    /** Leaves it in a lane file's notes. */
    void note(Map<String, String> notes) {
        notes.put(Notes.CAUSE, cause.name());
        notes.put(Notes.REASON, reason);
        if (!placeAfter.equals(Position.BEGINNING)) {
            notes.put(Notes.PLACE_AFTER, placeAfter.toString());
        }
        if (!seenAfter.equals(Position.BEGINNING)) {
            notes.put(Notes.SEEN_AFTER, seenAfter.toString());
        }
    }

    /** What was left in a lane file. */
    static Rebuild of(LaneFile file) {
        var cause = Notes.of(file, Notes.CAUSE);
        return new Rebuild(
                cause.isEmpty() ? Cause.FIRST : Cause.valueOf(cause),
                Notes.of(file, Notes.REASON),
                Notes.position(file, Notes.PLACE_AFTER),
                Notes.position(file, Notes.SEEN_AFTER));
    }
}
