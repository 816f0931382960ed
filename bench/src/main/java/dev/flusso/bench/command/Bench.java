package dev.flusso.bench.command;

import dev.flusso.bench.Contest;
import dev.flusso.bench.Numbers;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import dev.flusso.bench.capture.CaptureContest;
import dev.flusso.bench.capture.LagContest;
import dev.flusso.bench.document.DocumentContest;
import dev.flusso.bench.journal.JournalContest;
import dev.flusso.bench.lane.FollowingContest;
import dev.flusso.bench.lane.SeedingContest;
import dev.flusso.bench.resolve.ResolveContest;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the contests and prints one table. */
@Command(
        name = "dev/bench",
        description = "Measures flusso beside the limits of what it does, on real servers, in interleaved rounds.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Bench implements Callable<Integer> {

    /** All there are, in the order of the data's way. */
    private static final Map<String, Supplier<Contest>> CONTESTS = contests();

    @Parameters(paramLabel = "CONTEST", description = "which to run; all when none is named (see --list)")
    private List<String> names = new ArrayList<>();

    @Option(names = "--rounds", defaultValue = "5", description = "rounds of each contest (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--scale",
            defaultValue = "1",
            description = "how much data, 1 is what the goals are stated for (default: ${DEFAULT-VALUE})")
    private double scale;

    @Option(names = "--json", paramLabel = "FILE", description = "write every reading to FILE")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "write a chart of the ratios to FILE")
    private @Nullable Path svg;

    @Option(names = "--list", description = "name the contests and end")
    private boolean list;

    @Option(names = "--root", hidden = true, required = true)
    private Path root = Path.of("");

    @Option(names = "--distribution", hidden = true, required = true)
    private Path distribution = Path.of("");

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Bench() {}

    private static Map<String, Supplier<Contest>> contests() {
        var all = new LinkedHashMap<String, Supplier<Contest>>();
        all.put("capture", CaptureContest::new);
        all.put("lag", LagContest::new);
        all.put("documents", DocumentContest::new);
        all.put("journal", JournalContest::new);
        all.put("resolving", ResolveContest::new);
        all.put("seeding", SeedingContest::new);
        all.put("following", FollowingContest::new);
        return all;
    }

    /** Exit code 0 when each goal is met, 1 when one was missed or a contest failed, 2 for wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (list) {
            CONTESTS.keySet().forEach(out::println);
            return 0;
        }
        for (var name : names) {
            if (!CONTESTS.containsKey(name)) {
                err("no contest is called '" + name + "', expected one of " + CONTESTS.keySet());
                return 2;
            }
        }
        if (rounds < 1) {
            err("--rounds is " + rounds + ", expected at least 1");
            return 2;
        }
        var figures = new ArrayList<Figure>();
        boolean failed = false;
        for (var name : names.isEmpty() ? List.copyOf(CONTESTS.keySet()) : names) {
            try {
                figures.addAll(run(CONTESTS.get(name)));
            } catch (Exception e) { // the figures of the other contests are worth having all the same
                failed = true;
                err("contest " + name + " failed: " + e);
                e.printStackTrace(System.err);
            }
        }
        var report = new Report(Instant.now(), scale, figures);
        out.println();
        out.print(report.table());
        write(report);
        return failed || !figures.stream().allMatch(Figure::isMet) ? 1 : 0;
    }

    private List<Figure> run(@Nullable Supplier<Contest> made) throws Exception {
        if (made == null) {
            throw new IllegalStateException("a contest was not looked up");
        }
        var byFigure = new LinkedHashMap<String, List<Reading>>();
        try (var contest = made.get()) {
            err(contest.name() + ": preparing");
            long start = System.nanoTime();
            contest.prepare(new Settings(root, distribution, scale));
            err(contest.name() + ": prepared in " + seconds(start));
            for (int round = 1; round <= rounds; round++) {
                start = System.nanoTime();
                for (var reading : contest.round()) {
                    byFigure.computeIfAbsent(reading.figure(), figure -> new ArrayList<>())
                            .add(reading);
                    err("  " + reading.figure() + ": ours " + Numbers.text(reading.ours()) + ", limit "
                            + Numbers.text(reading.limit()) + " " + reading.unit());
                }
                err(contest.name() + ": round " + round + " of " + rounds + " took " + seconds(start));
            }
            return byFigure.values().stream()
                    .map(readings -> new Figure(contest.name(), readings))
                    .toList();
        }
    }

    private void write(Report report) {
        try {
            if (json != null) {
                report.writeJson(json);
            }
            if (svg != null) {
                Files.writeString(svg, Chart.svg(report));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the report could not be written: " + e.getMessage(), e);
        }
    }

    private static String seconds(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1000.0 + " s";
    }

    private static void err(String line) {
        System.err.println(line);
    }
}
