package dev.flusso.cli.command;

/** How the program ends, as REFERENCE §5 lists it. */
public enum ExitCode {
    /** Done, or stopped by a signal and cleanly ended. */
    DONE(0),
    /** Failed at run time. */
    FAILED(1),
    /** Wrong usage, or an invalid config or schema. */
    INVALID(2),
    /** {@code check} has a finding of severity error, or {@code verify} a difference. */
    FINDING(3),
    /** The source cannot be used. */
    SOURCE_UNUSABLE(4),
    /** A sink, or the server asked, cannot be reached. */
    SINK_UNREACHABLE(5),
    /** A gap that policy forbids to heal. */
    GAP(6),
    /** Journal, lane or slot are held by another process. */
    HELD(7);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** What the operating system is told. */
    public int number() {
        return number;
    }
}
