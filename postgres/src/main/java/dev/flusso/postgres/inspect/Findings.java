package dev.flusso.postgres.inspect;

import dev.flusso.postgres.inspect.DatabaseFinding.Severity;
import dev.flusso.schema.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The findings so far; one said twice of the same thing is kept once. One thread. */
final class Findings {

    private final Set<String> said = new LinkedHashSet<>();
    private final List<DatabaseFinding> all = new ArrayList<>();
    private long errors;

    void error(Place place, String message, String fix) {
        add(new DatabaseFinding(Severity.ERROR, place, message, fix));
    }

    void warning(Place place, String message, String fix) {
        add(new DatabaseFinding(Severity.WARNING, place, message, fix));
    }

    void note(Place place, String message, String fix) {
        add(new DatabaseFinding(Severity.NOTE, place, message, fix));
    }

    /** Adds it, wherever it was found first. */
    void once(DatabaseFinding finding) {
        add(finding.message(), finding);
    }

    private void add(DatabaseFinding finding) {
        add(finding.place() + ": " + finding.message(), finding);
    }

    private void add(String sameness, DatabaseFinding finding) {
        if (finding.severity() == Severity.ERROR) {
            errors++;
        }
        if (said.add(sameness)) {
            all.add(finding);
        }
    }

    /** How often an error was met, also one that was known. */
    long errors() {
        return errors;
    }

    List<DatabaseFinding> all() {
        return List.copyOf(all);
    }
}
