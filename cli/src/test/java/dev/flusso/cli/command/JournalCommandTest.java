package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.SourceIdentity;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandTest {
    private static final LaneName USERS = new LaneName("primary", "users");

    @TempDir
    private Path folder;

    private final List<Position> positions = new ArrayList<>();

    @Test
    void saysWhatThereIs() throws IOException {
        write(3);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal", "info")).isZero();
        assertThat(shell.out())
                .contains("journal   " + folder.resolve("flusso-journal"))
                .contains("source    database shop, slot flusso, timeline 1, system 73")
                .contains("primary/users generation 1  tailing at " + positions.get(0));
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void saysItAsJsonToo() throws IOException {
        write(3);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal", "info", "--format=json")).isZero();
        var json = JsonMapper.builder().build().readTree(shell.out());
        assertThat(json.get("newest").asText()).isEqualTo(newest().toString());
        assertThat(json.at("/source/slot").asText()).isEqualTo("flusso");
        assertThat(json.at("/lanes/0/lane").asText()).isEqualTo("primary/users");
    }

    @Test
    void findsTheJournalOfTheConfig() throws IOException {
        write(1);
        FirstFiles.write(folder);
        Files.writeString(
                folder.resolve("flusso.toml"),
                Files.readString(folder.resolve("flusso.toml")) + "\n[journal]\npath = \"elsewhere\"\n");
        var configured = new CapturedShell(folder);
        assertThat(configured.run(Commands::of, "journal", "info")).isEqualTo(1);
        assertThat(configured.err()).contains("there is no journal in '" + folder.resolve("elsewhere") + "'");
        var named = new CapturedShell(folder).with("FLUSSO_JOURNAL", "flusso-journal");
        assertThat(named.run(Commands::of, "journal", "info")).isZero();
    }

    @Test
    void printsTheNewestEntries() throws IOException {
        write(30);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal", "tail", "-n", "2")).isZero();
        assertThat(shell.out().lines()).hasSize(2);
        assertThat(shell.out()).endsWith(newest() + "  0/7594  commit 1 change at 2023-11-14T22:13:20.030Z xid 730\n");
    }

    @Test
    void followsFromTheOldestKeptWhenItsPlaceIsDeleted() throws IOException {
        write(3);
        var printed = new ByteArrayOutputStream();
        var last = new AtomicReference<Position>();
        // each line printed comes by here, in the midst of the command: at the first the journal outgrows it
        var out = new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                printed.write(bytes, from, count);
                if (last.get() == null) {
                    last.set(outgrow());
                }
                if (printed.toString(StandardCharsets.UTF_8).contains(last.get() + " ")) {
                    throw new IOException("the reader of this pipe has seen enough");
                }
            }
        };
        var err = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Map.of(),
                folder);
        assertThat(new Program(shell, Commands.of(shell)).run("journal", "tail", "-f", "-n", "1"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("warning: entries after ")
                .endsWith("going on with the oldest kept");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("progress");
    }

    /** Appends some segments and deletes all but the newest; returns the newest position. */
    private Position outgrow() throws IOException {
        var options = new JournalOptions(Duration.ZERO, 64 << 20, 0, 1 << 20, Duration.ofMillis(5));
        try (var journal = ChronicleJournal.open(directory(), options, InstantSource.system())) {
            var appender = journal.appender();
            for (var n = 0; n < 100; n++) {
                appender.append(new Entry.Change(
                        new Transaction(1, 900 + n, Lsn.of(90_050L + n), 1_700_000_000_000_000L),
                        Lsn.of(90_000L + n),
                        Entry.Operation.INSERT,
                        TableName.of("public", "orders"),
                        Image.NONE,
                        Image.of(Cell.text("id", "1" + "0".repeat(60_000), true))));
            }
            appender.append(new Entry.Progress(Lsn.of(91_000), Position.BEGINNING));
            appender.force();
            appender.prune(List.of());
            return appender.newest();
        }
    }

    @Test
    void printsEveryEntryFromAPlaceOn() throws IOException {
        write(3);
        var all = new CapturedShell(folder);
        assertThat(all.run(Commands::of, "journal", "dump")).isZero();
        assertThat(all.out().lines()).hasSize(6);
        assertThat(all.out()).contains("  change insert public.orders after (id=\"1\" note=\"a \\\"b\\\"\") xid 701\n");
        var rest = new CapturedShell(folder);
        var from = positions.get(3).toString();
        assertThat(rest.run(Commands::of, "journal", "dump", "--from", from, "--format", "json"))
                .isZero();
        assertThat(rest.out().lines()).hasSize(2).first().asString().contains("\"kind\":\"change\"", "\"id\":\"3\"");
        var limited = new CapturedShell(folder);
        assertThat(limited.run(Commands::of, "journal", "dump", "--limit", "1")).isZero();
        assertThat(limited.out().lines()).hasSize(1);
    }

    @Test
    void findsNothingWrongWithASoundJournal() throws IOException {
        write(3);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal", "verify")).isZero();
        assertThat(shell.out()).startsWith("6 entries are good, 0 places are damaged");
    }

    @Test
    void forgetsALaneThatNobodyHolds() throws IOException {
        write(1);
        var unknown = new CapturedShell(folder);
        assertThat(unknown.run(Commands::of, "journal", "forget", "primary/usres"))
                .isEqualTo(2);
        assertThat(unknown.err()).contains("there is no lane 'primary/usres'", "there are primary/users");
        try (var journal = ChronicleJournal.openReadOnly(directory());
                var held = journal.lanes().own(USERS)) {
            assertThat(held).isNotNull();
            var refused = new CapturedShell(folder);
            assertThat(refused.run(Commands::of, "journal", "forget", "primary/users"))
                    .isEqualTo(7);
        }
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal", "forget", "primary/users"))
                .isZero();
        try (var journal = ChronicleJournal.openReadOnly(directory())) {
            assertThat(journal.lanes().all()).isEmpty();
        }
    }

    @Test
    void prunesOnlyWhatNobodyWrites() throws IOException {
        write(1);
        try (var writer = ChronicleJournal.open(directory(), JournalOptions.DEFAULT, InstantSource.system())) {
            assertThat(writer.appender().newest()).isEqualTo(newest());
            var refused = new CapturedShell(folder);
            assertThat(refused.run(Commands::of, "journal", "prune")).isEqualTo(7);
            assertThat(refused.err()).startsWith("error: ");
        }
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal", "prune")).isZero();
        assertThat(shell.out()).startsWith("deleted 0 segments");
    }

    @Test
    void asksWhatToDo() {
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "journal")).isEqualTo(2);
        assertThat(shell.err()).contains("expected one of: info, tail, dump, verify, prune, forget");
        var help = new CapturedShell(folder);
        assertThat(help.run(Commands::of, "journal", "tail", "--help")).isZero();
        assertThat(help.out()).startsWith("Usage: flusso journal tail").contains("[env: FLUSSO_FOLLOW]");
    }

    private Path directory() {
        return folder.resolve("flusso-journal");
    }

    private Position newest() {
        return positions.get(positions.size() - 1);
    }

    /** Transactions of one change each, and a lane that stands after the first change. */
    private void write(int transactions) throws IOException {
        try (var journal = ChronicleJournal.open(directory(), JournalOptions.DEFAULT, InstantSource.system())) {
            var appender = journal.appender();
            appender.claim(new SourceIdentity("7300000000000000001", "shop", "flusso", 1));
            for (var n = 1; n <= transactions; n++) {
                var transaction =
                        new Transaction(1, 700 + n, Lsn.of(1000L * n + 50), 1_700_000_000_000_000L + n * 1000L);
                appender.append(new Entry.Change(
                        transaction,
                        Lsn.of(1000L * n),
                        Entry.Operation.INSERT,
                        TableName.of("public", "orders"),
                        Image.NONE,
                        Image.of(Cell.text("id", Integer.toString(n), true), Cell.text("note", "a \"b\"", false))));
                positions.add(appender.newest());
                appender.append(new Entry.Commit(transaction, Lsn.of(1000L * n + 100), 1));
                positions.add(appender.newest());
            }
            appender.force();
            journal.lanes()
                    .save(new LaneFile(
                            USERS,
                            1,
                            LanePhase.TAILING,
                            positions.get(0),
                            Lsn.of(1000),
                            Seeding.NONE,
                            0,
                            0,
                            Needs.NONE,
                            "{}",
                            new TreeMap<>(),
                            Instant.EPOCH));
        }
    }
}
