package dev.flusso.cli.command;

import dev.flusso.cli.status.CaptureStatus;
import dev.flusso.cli.status.JournalStatus;
import dev.flusso.cli.status.LaneStatus;
import dev.flusso.cli.status.StatusReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a status report to a person: is it current, how far behind, what is stuck and why, what to do. */
final class StatusPage {
    private static final Set<LaneStatus.State> GOOD = Set.of(
            LaneStatus.State.TAILING,
            LaneStatus.State.SEEDING,
            LaneStatus.State.REINDEXING,
            LaneStatus.State.STARTING,
            LaneStatus.State.WAITING);

    private final boolean coloured;
    private final Clock clock;
    private final StringBuilder text = new StringBuilder();

    StatusPage(boolean coloured, Clock clock) {
        this.coloured = coloured;
        this.clock = clock;
    }

    String text() {
        return text.toString();
    }

    /** One process. */
    void part(String where, StatusReport report, RunningServer.Reply readiness) {
        line(bold("flusso at " + where) + ": " + report.phase() + ", up "
                + Amount.duration(report.uptimeSeconds()) + ", "
                + (readiness.succeeded() ? good("ready") : bad("not ready")));
        if (!readiness.succeeded()) {
            readiness.body().lines().forEach(reason -> line("  " + bad("! ") + reason));
        }
        var capture = report.capture();
        if (capture != null) {
            capture(capture);
        }
        var journal = report.journal();
        if (journal != null) {
            journal(journal);
        }
        if (!report.lanes().isEmpty()) {
            lanes(report);
        }
        line("changes  " + report.changesCaptured() + " seen, " + report.changesCommitted() + " settled, "
                + report.changesInFlight() + " under way; " + report.documentsBuilt() + " documents built, "
                + report.documentsQuarantined() + " put away");
        if (report.errors() > 0) {
            line("errors   " + report.errors() + shown("; the newest: ", report.lastError()));
        }
    }

    /** A part that did not answer. */
    void absent(String what, String why) {
        line(bold(what) + ": " + bad("no answer") + " (" + why + ")");
    }

    private void capture(CaptureStatus capture) {
        var fine = capture.state() == CaptureStatus.State.STREAMING;
        line("capture  "
                + (fine ? good(capture.state().toString()) : bad(capture.state().toString())) + " for "
                + since(capture.since()) + behind(capture.lagSeconds(), capture.lagBytes())
                + shown(", WAL kept ", Amount.bytes(capture.walRetainedBytes()))
                + ", slot " + capture.slot());
        capture.blockedBy().forEach(who -> line("  " + bad("! ") + "waits for " + who));
        capture.warnings().forEach(warning -> line("  " + bad("! ") + warning));
        note("error", capture.lastError());
    }

    private void journal(JournalStatus journal) {
        line("journal  " + Amount.bytes(journal.bytes()) + " of " + Amount.bytes(journal.maxBytes())
                + shown(", disk has left ", Amount.bytes(journal.freeBytes())) + ", in " + journal.path());
        note("error", journal.lastError());
    }

    private void lanes(StatusReport report) {
        var width =
                report.lanes().keySet().stream().mapToInt(String::length).max().orElse(0);
        line("lanes");
        report.lanes().forEach((name, lane) -> {
            var state = String.format("%-11s", lane.state());
            var parts = new ArrayList<String>();
            parts.add(since(lane.since()));
            parts.add(behind(lane.lagSeconds(), lane.lagBytes()).replaceFirst("^, ", ""));
            parts.add(seeding(lane.seeding()));
            parts.add(shown("current in ", Amount.duration(lane.drainSeconds())));
            parts.add(lane.deadLetters() == 0 ? "" : lane.deadLetters() + " dead letters");
            parts.add(lane.servedFrozenSince() == null ? "" : "served frozen since " + lane.servedFrozenSince());
            line("  " + String.format("%-" + width + "s", name) + "  "
                    + (GOOD.contains(lane.state()) ? good(state) : bad(state)) + " " + joined(parts));
            note("why", lane.reason());
            if (!GOOD.contains(lane.state()) && !Objects.equals(lane.reason(), lane.lastError())) {
                note("error", lane.lastError());
            }
            note("do", lane.advice());
        });
    }

    private static String seeding(LaneStatus.@Nullable SeedingStatus seeding) {
        if (seeding == null) {
            return "";
        }
        var all = seeding.estimatedDocuments();
        return "seeded " + seeding.documents() + (all == null ? "" : " of about " + all)
                + shown(", done in ", Amount.duration(seeding.etaSeconds()));
    }

    private static String behind(@Nullable Double seconds, @Nullable Long bytes) {
        if (seconds == null && bytes == null) {
            return "";
        }
        var parts = new ArrayList<String>();
        parts.add(seconds == null ? "" : Amount.duration(seconds));
        parts.add(bytes == null ? "" : Amount.bytes(bytes));
        return ", behind by " + joined(parts);
    }

    private String since(Instant since) {
        return Amount.duration(
                Math.max(0, Duration.between(since, clock.instant()).toSeconds()));
    }

    private void note(String label, @Nullable String what) {
        if (what != null) {
            what.lines().forEach(each -> line("    " + bad(label + ": ") + each));
        }
    }

    private static String shown(String label, @Nullable String value) {
        return value == null || value.isEmpty() ? "" : label + value;
    }

    private static String joined(List<String> parts) {
        return String.join(", ", parts.stream().filter(part -> !part.isEmpty()).toList());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private String bold(String words) {
        return coloured ? "\u001b[1m" + words + "\u001b[0m" : words;
    }

    private String good(String words) {
        return coloured ? "\u001b[32m" + words + "\u001b[0m" : words;
    }

    private String bad(String words) {
        return coloured ? "\u001b[31m" + words + "\u001b[0m" : words;
    }
}
