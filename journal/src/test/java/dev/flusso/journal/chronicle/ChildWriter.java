package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.HeldElsewhereException;
import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A process of its own that does one thing to a journal until it is killed. */
final class ChildWriter {

    private ChildWriter() {}

    /**
     * {@code append <dir>}: appends the numbers after the newest entry's, without end, some of them large; prints {@code READY} once it
     * stands open and {@code DURABLE <position>} as that moves. {@code own <dir> <lane>}: owns a lane until it is killed, after
     * {@code READY}. {@code read <dir>}: see {@link #read}. {@code fill <dir>}: see {@link #fill}. {@code open <dir>}: opens once for writing; prints {@code OPENED} or {@code HELD <message>}.
     */
    public static void main(String[] arguments) throws Exception {
        var directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "append" -> append(directory);
            case "own" -> {
                try (var journal = ChronicleJournal.openReadOnly(directory);
                        var held = journal.lanes().own(LaneName.parse(arguments[2]))) {
                    say("READY " + held);
                    LockSupport.park();
                }
            }
            case "open" -> {
                try (var journal = Journals.open(directory)) {
                    say("OPENED " + journal.appender().newest());
                } catch (HeldElsewhereException e) {
                    say("HELD " + e.getMessage());
                }
            }
            case "read" -> read(directory);
            case "fill" -> fill(directory);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void append(Path directory) throws Exception {
        var begun = System.nanoTime();
        try (var journal = Journals.open(directory)) {
            var next = 1L;
            if (!journal.appender().newest().equals(Position.BEGINNING)) {
                next = number(journal) + 1;
            }
            journal.appender().append(entry(next++));
            say("READY " + (System.nanoTime() - begun) / 1_000_000);
            var told = Position.BEGINNING;
            while (true) {
                journal.appender().append(entry(next++));
                if (next % 64 == 0) {
                    var durable = journal.appender().durable();
                    if (durable.isAfter(told)) {
                        say("DURABLE " + durable);
                        told = durable;
                    }
                }
                if (next % 4096 == 0) {
                    journal.appender().prune(journal.lanes().all());
                }
            }
        }
    }

    /**
     * Reads from where the lane file stands, without end; each entry must be the one after the last. Says {@code READ <number>} when
     * the lane file was written; ends when something is wrong.
     */
    private static void read(Path directory) throws Exception {
        try (var journal = ChronicleJournal.openReadOnly(directory);
                var reader = journal.reader()) {
            var lane = journal.lanes().all().get(0);
            var number = lane.lsn().value();
            say("READING after " + number);
            while (!seek(reader, lane.position())) {
                Thread.onSpinWait();
            }
            while (true) {
                var next = reader.next();
                if (next == null) {
                    continue;
                }
                number++;
                if (!next.entry().equals(entry(number))) {
                    throw new IllegalStateException(
                            "at " + next.position() + ": " + next.entry() + ", expected " + number);
                }
                if (number % 50 == 0) {
                    journal.lanes().save(Samples.lane("orders", LanePhase.TAILING, next.position(), Lsn.of(number)));
                    say("READ " + number);
                }
            }
        }
    }

    /** False while the writer has not looked at what was left yet. */
    private static boolean seek(Reader reader, Position position) {
        try {
            reader.seekAfter(position);
            return true;
        } catch (PositionGoneException e) {
            if (!String.valueOf(e.getMessage()).contains("there is no journal yet")) {
                throw e;
            }
            return false;
        }
    }

    /** Fills the disk beside the journal until that is full, makes room again, and goes on. */
    private static void fill(Path directory) throws Exception {
        var ballast = directory.resolveSibling("ballast");
        Files.write(ballast, new byte[5 << 20]);
        try (var journal = Journals.open(directory);
                var reader = journal.reader()) {
            var next = 1L;
            try {
                while (true) {
                    journal.appender().append(entry(next));
                    next++;
                }
            } catch (JournalFullException e) {
                say("FULL " + e.getMessage());
            }
            for (var again = 0; again < 100; again++) {
                try {
                    journal.appender().append(entry(next));
                    throw new IllegalStateException("there was room after all");
                } catch (JournalFullException e) {
                    // as it must be
                }
            }
            try {
                journal.appender().beginEpoch(Samples.SOURCE, Samples.gap(1));
                throw new IllegalStateException("there was room for a new epoch");
            } catch (JournalFullException e) {
                // as it must be: the present one goes on
            }
            var read = 0L;
            for (var recorded : Journals.drain(reader)) {
                read += recorded.entry().equals(entry(read + 1)) ? 1 : 0;
            }
            journal.appender().force();
            say(read == next - 1 ? "READABLE" : "READ " + read + " OF " + (next - 1));
            Files.delete(ballast);
            var until = next + 1000;
            while (next < until) {
                journal.appender().append(entry(next));
                next++;
            }
            say("APPENDED");
            for (var recorded : Journals.drain(reader)) {
                read += recorded.entry().equals(entry(read + 1)) ? 1 : 0;
            }
            say(read == next - 1 ? "READABLE" : "READ " + read + " OF " + (next - 1));
        }
    }

    /** The number the newest entry carries. */
    private static long number(ChronicleJournal journal) throws Exception {
        try (var tail = SegmentCursor.open(newest(journal)).orElseThrow()) {
            var number = tail.head().orElseThrow().previous().equals(Position.BEGINNING) ? 0 : -1L;
            while (tail.step() == SegmentCursor.Step.ENTRY) {
                number = tail.lsn().value();
            }
            if (number < 0) {
                throw new IllegalStateException("no entry in the newest segment");
            }
            return number;
        }
    }

    private static Layout.Segment newest(ChronicleJournal journal) {
        var position = journal.appender().newest();
        return journal.layout().segment(position.epoch(), (int) (position.index() >>> 32));
    }

    /** Every 500th entry takes several records. */
    static Entry entry(long number) {
        var size = number % 500 == 0 ? 70_000 : (int) (number * 31 % 1500);
        var change = Samples.change(number, "x".repeat(size));
        return new Entry.Change(
                change.transaction(),
                Lsn.of(number),
                change.operation(),
                change.table(),
                change.before(),
                change.after());
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
