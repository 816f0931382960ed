package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.journal.JournalException;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lanes;
import dev.flusso.journal.chronicle.ChronicleJournal;
import dev.flusso.worker.lane.DeadLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The documents put away, out of the files beside the journal: ids are for those who may read the disk, not for whoever can reach a
 * port, and the files are there also when nothing runs.
 */
final class DeadLetterList {
    private final Path journal;
    private final SortedMap<LaneName, List<DeadLetters.Letter>> letters;

    private DeadLetterList(Path journal, SortedMap<LaneName, List<DeadLetters.Letter>> letters) {
        this.journal = journal;
        this.letters = letters;
    }

    /**
     * Reads those of every lane.
     *
     * @throws CommandException when there is no journal, or something in it cannot be read
     */
    static DeadLetterList read(Path journal) {
        if (!Files.isDirectory(journal)) {
            throw new CommandException(
                    ExitCode.FAILED, "there is no journal '" + journal + "'; name it with --journal or -c");
        }
        try (var open = ChronicleJournal.openReadOnly(journal)) {
            var lanes = open.lanes();
            var letters = new TreeMap<LaneName, List<DeadLetters.Letter>>();
            for (var file : lanes.all()) {
                letters.put(file.lane(), of(lanes, file.lane()));
            }
            return new DeadLetterList(journal, letters);
        } catch (IOException | JournalException e) {
            throw new CommandException(
                    ExitCode.FAILED, "the dead letters in '" + journal + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<DeadLetters.Letter> of(Lanes lanes, LaneName lane) throws IOException {
        return List.copyOf(DeadLetters.open(lanes.letters(lane)).all());
    }

    /** For people. */
    String human() {
        var text = new StringBuilder();
        letters.forEach((lane, all) -> {
            if (!all.isEmpty()) {
                text.append(lane).append(": ").append(all.size()).append(" put away\n");
            }
            for (var letter : all) {
                text.append("  ")
                        .append(printable(letter.id()))
                        .append("  ")
                        .append(printable(letter.type() + ": " + letter.reason()))
                        .append("\n    in ")
                        .append(letter.index())
                        .append(", after ")
                        .append(letter.position())
                        .append(", ")
                        .append(letter.at())
                        .append('\n');
            }
        });
        return text.isEmpty()
                ? "no dead letters in " + journal + "\n"
                : text + "a letter is gone as soon as its document is written: change the row, or 'flusso reindex'\n";
    }

    /** For tools: one array. */
    String json() {
        var array = JsonNodeFactory.instance.arrayNode();
        letters.forEach((lane, all) -> all.forEach(letter -> array.addObject()
                .put("lane", lane.toString())
                .put("index", letter.index())
                .put("id", letter.id())
                .put("type", letter.type())
                .put("reason", letter.reason())
                .put("position", letter.position())
                .put("at", letter.at())));
        return array.toPrettyString() + "\n";
    }

    /** An id or a reason may hold anything; none of it may steer the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
