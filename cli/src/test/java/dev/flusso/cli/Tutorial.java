package dev.flusso.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a page has its reader do, in its order. A fenced block whose info line has a second word is a file of that name, or, behind
 * {@code >>}, the end of it. In a block of {@code sh} each line is typed; in one of {@code console} those behind {@code $ }, and what
 * stands below is what comes of it; {@code ^C} ends what runs.
 *
 * @param steps in order
 */
public record Tutorial(List<Step> steps) {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)(?: +(\\S+))?\n(.*?)^```");
    private static final String APPENDED = ">>";

    /** One thing to do. */
    public sealed interface Step {

        /** A file to write. */
        record Write(String file, String text, boolean atItsEnd) implements Step {

            /** Writes it as the reader would. */
            public void into(Path folder) throws IOException {
                var path = folder.resolve(file);
                if (atItsEnd) {
                    Files.writeString(path, text, StandardOpenOption.APPEND);
                } else {
                    Files.writeString(path, text);
                }
            }
        }

        /**
         * A line to type.
         *
         * @param shown what is said to come of it; empty when the page does not say
         */
        record Type(String line, String shown) implements Step {}
    }

    public Tutorial {
        steps = List.copyOf(steps);
    }

    /** Reads a page, named from the root of the project. */
    public static Tutorial read(String page) throws IOException {
        var root = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
        var steps = new ArrayList<Step>();
        var matcher = BLOCK.matcher(Files.readString(root.resolve(page)));
        while (matcher.find()) {
            var file = matcher.group(2);
            var text = matcher.group(3);
            if (file != null) {
                boolean atItsEnd = file.startsWith(APPENDED);
                steps.add(new Step.Write(atItsEnd ? file.substring(APPENDED.length()) : file, text, atItsEnd));
            } else if (matcher.group(1).equals("sh")) {
                text.lines().filter(line -> !line.isBlank()).forEach(line -> steps.add(new Step.Type(line, "")));
            } else if (matcher.group(1).equals("console")) {
                console(text, steps);
            }
        }
        return new Tutorial(steps);
    }

    private static void console(String text, List<Step> steps) {
        for (var piece : text.split("(?m)^(?=\\$ |\\^C)", -1)) {
            if (piece.startsWith("^C")) {
                steps.add(new Step.Type("^C", ""));
            } else if (piece.startsWith("$ ")) {
                int end = piece.indexOf('\n');
                steps.add(new Step.Type(piece.substring(2, end), piece.substring(end + 1)));
            }
        }
    }

    /** Writes each file as it is first written. */
    public void write(Path folder) throws IOException {
        for (var step : steps) {
            if (step instanceof Step.Write write && !write.atItsEnd()) {
                write.into(folder);
            }
        }
    }

    /** What the page says that a command prints. */
    public String shown(String command) {
        return steps.stream()
                .filter(step -> step instanceof Step.Type type && type.line().equals(command))
                .map(step -> ((Step.Type) step).shown())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the page does not run '" + command + "'"));
    }
}
