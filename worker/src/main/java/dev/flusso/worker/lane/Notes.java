package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.Position;

/** What a worker remarks in a lane file, by key. */
final class Notes {

    /** The generation's name in the sink. */
    static final String INDEX = "index";

    /** The hash of its schema. */
    static final String HASH = "hash";

    /** What tells the index from another of the same name. */
    static final String UUID = "uuid";

    /** What tells the index from an older copy of itself. */
    static final String HISTORY = "history";

    /** What the sink said last it remembers: position, version, number: {@code 3-0000000200000017 281474976710661 42}. */
    static final String REMEMBERED = "remembered";

    /** What its tables and columns were in the catalog when it was begun. */
    static final String DEFINITION = "definition";

    /** Present when nothing was read for seeding. */
    static final String UNSEEDED = "unseeded";

    /** Where it was sure of the stream when it began: what an entry up to here says of stream or gap is in the rows it read. */
    static final String COVERED = "covered";

    /** The place it begins to tail from must stand after this. */
    static final String PLACE_AFTER = "place-after";

    /** The word about visibility it begins with must stand after this. */
    static final String SEEN_AFTER = "seen-after";

    /** Why it is built, in words. */
    static final String REASON = "reason";

    /** Why it is built, as a {@link Rebuild.Cause}. */
    static final String CAUSE = "cause";

    /** The highest number a generation of this lane ever had, when that is none of a file's: it is not given out again. */
    static final String HIGHEST_NUMBER = "highest-number";

    /** Why and since when it is no longer kept current. */
    static final String FROZEN = "frozen";

    /** While all documents are being built anew in place: the entry that asked for it last. */
    static final String SWEEP_AT = "sweep-at";

    /** A place before the entry that asked for it first. */
    static final String SWEEP_BEFORE = "sweep-before";

    /** Why, in words. */
    static final String SWEEP_REASON = "sweep-reason";

    /** The transactions their documents must show: {@code timeline/xid}, with spaces between. */
    static final String SWEEP_SEES = "sweep-sees";

    private Notes() {}

    static String of(LaneFile file, String key) {
        return file.notes().getOrDefault(key, "");
    }

    /** The highest number known by a file. */
    static int highestNumber(LaneFile file) {
        var noted = of(file, HIGHEST_NUMBER);
        return Math.max(file.generation(), noted.isEmpty() ? 0 : Integer.parseInt(noted));
    }

    /** A position noted; {@link Position#BEGINNING} when there is none. */
    static Position position(LaneFile file, String key) {
        var text = of(file, key);
        return text.isEmpty() ? Position.BEGINNING : Position.parse(text);
    }
}
