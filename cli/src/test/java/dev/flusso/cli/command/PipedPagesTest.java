package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Image;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.SourceIdentity;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages pipe into {@code jq} comes out of it as the page says. */
final class PipedPagesTest {

    private static final Pattern PIPED = Pattern.compile("flusso ([^|\\n]*?) *\\| jq (?:-c )?'([^'\\n]+)'");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    /** The filter behind each command that some page pipes. */
    private static Map<String, String> piped() throws IOException {
        var root = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
        var found = new TreeMap<String, String>();
        try (var docs = Files.walk(root.resolve("docs"));
                var pages = Stream.concat(docs, Stream.of(root.resolve("README.md")))) {
            for (var page :
                    pages.filter(path -> path.toString().endsWith(".md")).toList()) {
                var text = Files.readString(page);
                assertThat(PIPED.matcher(text).results().count())
                        .as("lines with jq in %s", page)
                        .isEqualTo(Pattern.compile("\\| jq ")
                                .matcher(text)
                                .results()
                                .count());
                PIPED.matcher(text).results().forEach(match -> found.put(match.group(1), match.group(2)));
            }
        }
        return found;
    }

    @Test
    void everyLineFindsWhatItIsThereFor() throws Exception {
        assumeTrue(isInstalled(), "no jq on this machine");
        write();
        FirstFiles.write(folder);
        var piped = piped();
        assertThat(piped.keySet())
                .as("another one needs its lines below")
                .isEqualTo(new TreeSet<>(List.of(
                        "check --format json",
                        "journal dump --limit 0 --format json",
                        "journal tail -f --format json")));

        assertThat(through(
                        filter(piped, "journal dump --limit 0 --format json"), said("journal", "dump", "--limit", "0")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.toString()).contains("orders was retyped"));
        assertThat(through(filter(piped, "journal tail -f --format json"), said("journal", "tail")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.toString()).contains("public.orders", "insert"));

        FirstFiles.edit(folder.resolve("users.schema.yml"), "long: id", "lnog: id");
        assertThat(through(filter(piped, "check --format json"), said("check", "--offline")))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.get("message").asText()).contains("lnog"));
    }

    private static String filter(Map<String, String> piped, String command) {
        return Objects.requireNonNull(piped.get(command), command);
    }

    private String said(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--format", "json"));
        var shell = new CapturedShell(folder);
        shell.run(Commands::of, all.toArray(String[]::new));
        return shell.out();
    }

    private List<JsonNode> through(String filter, String input) throws Exception {
        var in = Files.writeString(folder.resolve("in"), input);
        var process = new ProcessBuilder("jq", "-c", filter)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("jq '%s': %s", filter, out).isZero();
        var values = new ArrayList<JsonNode>();
        for (var line : out.lines().toList()) {
            values.add(JSON.readTree(line));
        }
        return values;
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("jq", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A change of each of two tables, and a gap. */
    private void write() throws IOException {
        var options = JournalOptions.DEFAULT;
        try (var journal = ChronicleJournal.open(folder.resolve("flusso-journal"), options, InstantSource.system())) {
            var appender = journal.appender();
            appender.claim(new SourceIdentity("7300000000000000001", "shop", "flusso", 1));
            var lsn = 1000L;
            for (var table : List.of("users", "orders")) {
                var transaction = new Transaction(1, lsn, Lsn.of(lsn + 50), 1_700_000_000_000_000L);
                appender.append(new Entry.Change(
                        transaction,
                        Lsn.of(lsn),
                        Entry.Operation.INSERT,
                        TableName.of("public", table),
                        Image.NONE,
                        Image.of(Cell.text("id", "1", true))));
                appender.append(new Entry.Commit(transaction, Lsn.of(lsn + 100), 1));
                lsn += 1000;
            }
            var orders = new TreeSet<>(List.of(TableName.of("public", "orders")));
            appender.append(
                    new Entry.Missing(Lsn.of(lsn), new Gap(Gap.Reason.TABLE_CHANGED, orders, "orders was retyped")));
            appender.force();
        }
    }
}
