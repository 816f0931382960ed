package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.metric.Metrics;
import dev.flusso.cli.status.CaptureStatus;
import dev.flusso.cli.status.LaneStatus;
import dev.flusso.journal.LaneName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operator's page knows each state, exit code and metric there is, and none that there is not. */
class OperatePageTest {

    private static final Pattern METRIC = Pattern.compile("\\bflusso_[a-z_]+");

    private final String page;

    OperatePageTest() throws IOException {
        var root = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
        page = Files.readString(root.resolve("docs/how-to/operate.md"));
    }

    @Test
    void namesEveryStateOfALane() {
        assertThat(keys("## States of a lane")).isEqualTo(words(LaneStatus.State.values()));
    }

    @Test
    void namesEveryStateOfCapture() {
        assertThat(keys("## States of capture")).isEqualTo(words(CaptureStatus.State.values()));
    }

    @Test
    void namesEveryExitCode() {
        assertThat(keys("## Exit codes"))
                .isEqualTo(Stream.of(ExitCode.values())
                        .map(code -> String.valueOf(code.number()))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void namesEveryMetric() {
        var named = METRIC.matcher(section("## Metrics"))
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
        try (var metrics = new Metrics()) {
            metrics.capture();
            metrics.lane(new LaneName("primary", "users"));
            assertThat(named)
                    .isEqualTo(metrics.scrape("")
                            .lines()
                            .filter(line -> line.startsWith("# TYPE flusso_"))
                            .map(line -> line.split(" ", 4)[2])
                            .filter(name -> !name.endsWith("_max"))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    /** The first column of a section's table, without its heading. */
    private SortedSet<String> keys(String heading) {
        return section(heading)
                .lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[1].strip())
                .filter(key -> !key.startsWith("---"))
                .skip(1)
                .map(key -> key.replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String section(String heading) {
        var start = page.indexOf("\n" + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        var end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static SortedSet<String> words(Object[] values) {
        return Stream.of(values).map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
    }
}
