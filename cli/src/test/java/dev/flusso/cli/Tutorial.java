package dev.flusso.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A page under {@code docs/tutorial}. A fenced block whose info line has a second word is a file of that name; one that begins with
 * {@code $ } and a command shows what the command prints.
 *
 * @param files their text by name
 * @param outputs what each command is said to print
 */
public record Tutorial(Map<String, String> files, Map<String, String> outputs) {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)(?: +(\\S+))?\n(.*?)^```");

    public Tutorial {
        files = Map.copyOf(files);
        outputs = Map.copyOf(outputs);
    }

    /** Reads a page. */
    public static Tutorial read(String page) throws IOException {
        var root = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
        var files = new LinkedHashMap<String, String>();
        var outputs = new LinkedHashMap<String, String>();
        var matcher =
                BLOCK.matcher(Files.readString(root.resolve("docs/tutorial").resolve(page)));
        while (matcher.find()) {
            var text = matcher.group(3);
            if (matcher.group(2) != null) {
                files.put(matcher.group(2), text);
            } else if (text.startsWith("$ ")) {
                int end = text.indexOf('\n');
                outputs.put(text.substring(2, end), text.substring(end + 1));
            }
        }
        return new Tutorial(files, outputs);
    }

    /** Writes the files as the reader would. */
    public void write(Path folder) throws IOException {
        for (var file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    /** What the page says that a command prints. */
    public String shown(String command) {
        return Objects.requireNonNull(outputs.get(command), command);
    }
}
