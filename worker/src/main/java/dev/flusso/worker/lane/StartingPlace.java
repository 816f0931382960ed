package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a new generation may begin: the newest word about visibility, when the stream covered there what is needed. Rows read after
 * that show every change up to the place it names, and whatever an earlier entry says of gaps or of the stream.
 */
final class StartingPlace {

    /**
     * Where to begin.
     *
     * @param place from here on the journal is read
     * @param covered where the word about visibility stands
     */
    record Found(Position place, Position covered) {}

    private final Journal journal;
    private Position looked = Position.BEGINNING;
    private String waitingFor = "";
    private boolean blocked;

    StartingPlace(Journal journal) {
        this.journal = journal;
    }

    /** Null when there is none yet: {@link #waitingFor} says what is missing. */
    @Nullable
    Found find(LaneFile file, boolean tolerateMissing) {
        try (var reader = journal.reader()) {
            var newest = reader.newest();
            if (newest.equals(looked) && !waitingFor.isEmpty()) {
                return null;
            }
            looked = newest;
            return find(reader, newest, file, tolerateMissing);
        }
    }

    private @Nullable Found find(Reader reader, Position newest, LaneFile file, boolean tolerateMissing) {
        var word = reader.newestVisibility();
        if (word.isEmpty() || word.get().position().epoch() != reader.newest().epoch()) {
            return wait("capture has not said yet what is visible", false);
        }
        var covered = word.get().position();
        var coverage = reader.coverageAt(covered);
        if (coverage.isEmpty()) {
            return wait("capture has not said yet what the stream carries", false);
        }
        var missing = coverage.get().missing(file.needs());
        if (!missing.isEmpty() && !tolerateMissing) {
            return wait("the stream does not carry " + String.join("; ", missing), true);
        }
        var place = visibleThrough(word.get());
        if (!isAfter(place, Notes.position(file, Notes.PLACE_AFTER), newest)
                || !isAfter(covered, Notes.position(file, Notes.SEEN_AFTER), newest)) {
            return wait("what happened is not visible everywhere yet", false);
        }
        if (place.isBefore(reader.oldest())) {
            return wait("the journal keeps nothing from before " + reader.oldest(), false);
        }
        waitingFor = "";
        return new Found(place, covered);
    }

    /** A mark past the journal's end is of another journal and means nothing here. */
    private static boolean isAfter(Position position, Position mark, Position newest) {
        return mark.equals(Position.BEGINNING) || mark.isAfter(newest) || position.isAfter(mark);
    }

    private @Nullable Found wait(String reason, boolean someoneMustAct) {
        waitingFor = reason;
        blocked = someoneMustAct;
        return null;
    }

    private static Position visibleThrough(Recorded word) {
        return switch (word.entry().kind()) {
            case HEARTBEAT -> ((Entry.Heartbeat) word.entry()).visibleThrough();
            case COVERAGE -> ((Entry.Coverage) word.entry()).visibleThrough();
            case PROGRESS -> ((Entry.Progress) word.entry()).visibleThrough();
            case CHANGE, TRUNCATE, COMMIT, CATALOG_CHANGE, GAP ->
                throw new IllegalStateException("no word about visibility: " + word);
        };
    }

    /** What is missing; empty when nothing is, or nobody has looked yet. */
    String waitingFor() {
        return waitingFor;
    }

    /** Whether someone must act. */
    boolean isBlocked() {
        return blocked && !waitingFor.isEmpty();
    }
}
