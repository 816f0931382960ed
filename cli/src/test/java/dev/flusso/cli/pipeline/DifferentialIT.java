package dev.flusso.cli.pipeline;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random changes from several connections, random kills of either process, and again and again the question whether the indexes are what
 * the tables say. Tables, schemas and the queries that recompute the documents lie in {@code differential/}.
 *
 * <p>{@code -Dflusso.seed=} makes the same choices again; threads still meet as they please. {@code -Dflusso.differential.seconds=} says for
 * how long rows are changed, 20 when it says nothing. Longer runs are cut into rounds, so that a fault is found near its cause.
 */
final class DifferentialIT {

    private static final Logger LOG = System.getLogger(DifferentialIT.class.getName());
    private static final Duration ROUND = Duration.ofSeconds(7);
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int WRITERS = 3;
    private static final List<String> INDEXES = List.of("accounts", "products", "items", "categories", "regions");
    private static final List<String> COMMANDS = List.of("capture", "work");

    @TempDir
    Path folder;

    private final List<ProcessControl> processes = new ArrayList<>();
    private final AtomicLong transactions = new AtomicLong();
    private final StringBuilder story = new StringBuilder();

    @Test
    @DisplayName("P1 P3 P4 P5 C28 after random changes and random kills the indexes equal the recomputed documents")
    void equalsWhatIsRecomputed() throws Exception {
        long seed = Long.getLong("flusso.seed", System.nanoTime());
        var budget = Duration.ofSeconds(Long.getLong("flusso.differential.seconds", 20));
        LOG.log(Level.INFO, "differential test seed={0} seconds={1}", Long.toString(seed), budget.toSeconds());
        var random = new SplittableRandom(seed);
        try (var day = new FirstDay(
                SharedServers.postgres(), "differential", SharedServers.search().url(), folder)) {
            prepare(day, folder);
            var rounds = Math.max(1, budget.dividedBy(ROUND));
            for (long round = 1; round <= rounds; round++) {
                story.append("round ").append(round).append(':');
                round(day, random, budget.dividedBy(rounds));
                await(day, story);
            }
            LOG.log(Level.INFO, "{0} transactions, the indexes are right\n{1}", transactions.get(), story);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + " (-Dflusso.seed=" + seed + "), " + story + e.getMessage(), e);
        }
    }

    /** Its tables, rows and schemas in place of those of the first day. */
    static void prepare(FirstDay day, Path folder) throws IOException, SQLException {
        day.sql("DROP TABLE orders, users", resource("tables.sql"), resource("rows.sql"));
        day.config("[sinks.audit]\ntype = \"stdout\"\npretty = true\n", "");
        var indexes = new StringBuilder();
        for (var index : INDEXES) {
            indexes.append("[[index]]\nname = \"%s\"\nschema = \"%s.schema.yml\"\n\n".formatted(index, index));
            Files.writeString(folder.resolve(index + ".schema.yml"), resource(index + ".schema.yml"));
        }
        day.config("[[index]]\nname = \"users\"\nschema = \"users.schema.yml\"\n", indexes.toString());
    }

    private static String resource(String name) throws IOException {
        try (var stream = DifferentialIT.class.getResourceAsStream("/differential/" + name)) {
            if (stream == null) {
                throw new IOException("there is no resource differential/" + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes for so long, and kills meanwhile; both processes run at the end, and nobody writes any more. */
    private void round(FirstDay day, SplittableRandom random, Duration time) {
        var writers = new ArrayList<RandomWriter>();
        var rough = random.nextBoolean();
        story.append(rough ? " rough" : " calm");
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new RandomWriter(day, random.split(), rough, transactions));
        }
        try {
            writers.forEach(RandomWriter::start);
            if (processes.isEmpty()) {
                COMMANDS.forEach(command -> processes.add(day.start(command)));
            }
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                awaitMore(writers, 100 + random.nextInt(2500));
                kill(day, random);
            }
        } finally {
            writers.forEach(RandomWriter::close);
        }
        writers.forEach(RandomWriter::rethrow);
    }

    private void kill(FirstDay day, SplittableRandom random) {
        var choice = random.nextInt(4);
        for (int i = 0; i < COMMANDS.size(); i++) {
            if (choice == i || choice == COMMANDS.size()) {
                story.append(" kill ").append(COMMANDS.get(i)).append(" at ").append(transactions.get());
                processes.get(i).killHard();
            }
        }
        for (int i = 0; i < COMMANDS.size(); i++) {
            if (!processes.get(i).isAlive()) {
                processes.set(i, day.start(COMMANDS.get(i)));
            }
        }
    }

    private void awaitMore(List<RandomWriter> writers, int count) {
        long goal = transactions.get() + count;
        Eventually.within(SOON).until(count + " more transactions", () -> {
            writers.forEach(RandomWriter::rethrow);
            return transactions.get() >= goal;
        });
    }

    /** Waits until every index equals what its query recomputes. */
    static void await(FirstDay day, StringBuilder story) throws IOException, SQLException {
        story.append(" documents:");
        for (var index : INDEXES) {
            var expected = day.expected(resource(index + ".truth.sql"));
            try {
                Eventually.within(SOON).passes("index " + index + " to equal the database", () -> {
                    var difference = difference(expected, day.indexed(index));
                    if (!difference.isEmpty()) {
                        throw new AssertionError(difference);
                    }
                });
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + standing(day) + "\n" + day.logs(), e);
            }
            story.append(' ').append(expected.size()).append(' ').append(index);
        }
        story.append('\n');
    }

    /** What the processes and OpenSearch say of themselves, for messages. */
    private static String standing(FirstDay day) {
        try {
            return FirstDay.http(day.publicPort, "/status") + "\n" + FirstDay.http(day.capturePort, "/status") + "\n"
                    + day.get("GET", "/_alias/differential_*");
        } catch (IOException e) {
            return "no status: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** The first few documents that differ; empty when none does. */
    private static String difference(SortedMap<String, String> expected, Map<String, String> found) {
        var ids = new TreeSet<>(expected.keySet());
        ids.addAll(found.keySet());
        ids.removeIf(id -> Objects.equals(expected.get(id), found.get(id)));
        var text = new StringBuilder();
        ids.stream()
                .limit(5)
                .forEach(id -> text.append("\n_id ")
                        .append(id)
                        .append("\n  expected ")
                        .append(expected.getOrDefault(id, "none"))
                        .append("\n  found    ")
                        .append(found.getOrDefault(id, "none")));
        return text.isEmpty() ? "" : ids.size() + " of " + expected.size() + " documents differ: " + ids + text;
    }
}
