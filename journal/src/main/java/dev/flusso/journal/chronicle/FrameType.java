package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;

/** The numbers by which frames say what they hold. They stand on disks: never renumber, never reuse. */
final class FrameType {

    static final int CHANGE = 1;
    static final int TRUNCATE = 2;
    static final int COMMIT = 3;
    static final int PROGRESS = 4;
    static final int HEARTBEAT = 5;
    static final int COVERAGE = 6;
    static final int CATALOG_CHANGE = 7;
    static final int GAP = 8;

    /** What a segment begins with: {@link SegmentHead}. */
    static final int HEAD = 64;
    /** A piece of a frame that is too large for one record. */
    static final int PIECE = 65;

    private FrameType() {}

    static int of(Entry.Kind kind) {
        return switch (kind) {
            case CHANGE -> CHANGE;
            case TRUNCATE -> TRUNCATE;
            case COMMIT -> COMMIT;
            case PROGRESS -> PROGRESS;
            case HEARTBEAT -> HEARTBEAT;
            case COVERAGE -> COVERAGE;
            case CATALOG_CHANGE -> CATALOG_CHANGE;
            case GAP -> GAP;
        };
    }

    static Entry.Kind kind(int type) {
        return switch (type) {
            case CHANGE -> Entry.Kind.CHANGE;
            case TRUNCATE -> Entry.Kind.TRUNCATE;
            case COMMIT -> Entry.Kind.COMMIT;
            case PROGRESS -> Entry.Kind.PROGRESS;
            case HEARTBEAT -> Entry.Kind.HEARTBEAT;
            case COVERAGE -> Entry.Kind.COVERAGE;
            case CATALOG_CHANGE -> Entry.Kind.CATALOG_CHANGE;
            case GAP -> Entry.Kind.GAP;
            default -> throw new IllegalArgumentException("a frame of type " + type + " is no entry");
        };
    }

    static boolean isEntry(int type) {
        return type >= CHANGE && type <= GAP;
    }

    static boolean isKnown(int type) {
        return isEntry(type) || type == HEAD || type == PIECE;
    }

    /** Whether the entry carries a {@code visibleThrough}. */
    static boolean isVisibility(int type) {
        return type == PROGRESS || type == HEARTBEAT || type == COVERAGE;
    }
}
