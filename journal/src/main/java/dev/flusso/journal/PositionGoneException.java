package dev.flusso.journal;

/** A position is no longer, or not, in the journal. */
public final class PositionGoneException extends JournalException {

    private static final long serialVersionUID = 1;

    /** What was asked for. */
    private final transient Position wanted;

    /** What comes nearest. */
    private final transient Position oldest;

    public PositionGoneException(Position wanted, Position oldest, String why) {
        super("no entry can be read after " + wanted + ": " + why + "; the oldest usable position is " + oldest);
        this.wanted = wanted;
        this.oldest = oldest;
    }

    public Position wanted() {
        return wanted;
    }

    /** The oldest position that {@link Reader#seekAfter} accepts now. */
    public Position oldest() {
        return oldest;
    }
}
