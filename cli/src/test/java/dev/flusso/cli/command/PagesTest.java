package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.ParameterException;

/** Every page: its links lead somewhere, and each command it tells the reader to type is one the program takes. */
class PagesTest {

    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```[^\\n]*\\n(.*?)^```");

    /** A command at the start of an indented or fenced line, after a prompt, or behind systemd's key. */
    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\$ |ExecStart=/opt/flusso/bin/)?(?:\\S*/bin/)?flusso ([a-z].*)$");

    @TestFactory
    List<DynamicTest> linksLeadSomewhere() {
        return pages().stream()
                .map(page -> DynamicTest.dynamicTest(ROOT.relativize(page).toString(), () -> {
                    var text = Files.readString(page);
                    var lost = LINK.matcher(text)
                            .results()
                            .map(link -> link.group(1))
                            .filter(link -> !Files.exists(
                                    Objects.requireNonNull(page.getParent()).resolve(link)))
                            .toList();
                    assertThat(lost).as("links that lead nowhere").isEmpty();
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> commandsAreOnesTheProgramTakes() {
        var tests = new ArrayList<DynamicTest>();
        for (var page : pages()) {
            for (var line : commandLines(read(page))) {
                tests.add(DynamicTest.dynamicTest(
                        ROOT.relativize(page) + ": " + line,
                        () -> assertThat(complaint(line)).isEmpty()));
            }
        }
        assertThat(tests).as("commands on all pages").hasSizeGreaterThan(30);
        return tests;
    }

    /** What the program says to these words; empty when it takes them. */
    private static String complaint(String line) {
        var words = List.of(line.split("\\s+"));
        var shell = new CapturedShell().shell();
        try {
            new Program(shell, AllCommands.of(shell)).commandLine(words.get(0)).parseArgs(words.toArray(String[]::new));
            return "";
        } catch (ParameterException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<String> commandLines(String text) {
        var found = new ArrayList<String>();
        var blocks = new StringBuilder();
        FENCED.matcher(text).results().forEach(block -> blocks.append(block.group(1)));
        var rest = FENCED.matcher(text).replaceAll("");
        rest.lines()
                .filter(line -> line.startsWith("    "))
                .forEach(line -> blocks.append(line.strip()).append('\n'));
        blocks.toString().lines().forEach(line -> {
            var command = COMMAND.matcher(line);
            if (command.matches()) {
                found.add(withoutShell(command.group(1)));
            }
        });
        return found;
    }

    /** The command alone: without a comment, a pipe, a redirection; and something in the place of a placeholder. */
    private static String withoutShell(String line) {
        return line.replaceAll("\\s(#|\\||>|&&).*$", "")
                .replaceAll("<sink>/<index>", "primary/users")
                .replaceAll("[<>'\"]", "")
                .strip();
    }

    private static List<Path> pages() {
        try (var below = Files.walk(ROOT.resolve("docs"));
                var beside = Files.list(ROOT)) {
            return Stream.concat(below, beside)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
