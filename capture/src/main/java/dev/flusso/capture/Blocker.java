package dev.flusso.capture;

/**
 * Something that keeps capture, or the lanes that need a table, from going on.
 *
 * @param subject the table, or {@code transaction 1234}
 * @param problem one line: what is wrong
 * @param remedy SQL that mends it, ready to paste; empty when only waiting helps
 */
public record Blocker(String subject, String problem, String remedy) {

    @Override
    public String toString() {
        return subject + ": " + problem + (remedy.isEmpty() ? "" : "; to mend it: " + remedy);
    }
}
