package dev.flusso.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that end at once, as they are typed: what they cost, and what they leave behind. */
class ShortCommandsIT {

    private static final Pattern CHILD_TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");
    private static final int SCHEMAS = 50;
    private static final int FIELDS = 100;

    /** Twice the goal of two seconds: other tests share the processors' caches and clock. */
    private static final double MOST_SECONDS = 4;

    @TempDir
    private Path folder;

    @Test
    void fiftySchemasOfAHundredFieldsAreBuiltAndCheckedInLittleTime() throws Exception {
        writeADeployment();
        var least = Double.MAX_VALUE;
        for (int run = 0; run < 3; run++) {
            double build = processorSeconds("build");
            double check = processorSeconds("check --offline");
            System.out.printf("ShortCommandsIT: build %.2f s, check --offline %.2f s of CPU%n", build, check);
            least = Math.min(least, build + check);
        }
        assertThat(least).as("CPU seconds of build and check together").isLessThan(MOST_SECONDS);
        assertThat(folder.resolve("flusso.lock")).content().contains("\"name\": \"index49\"");
    }

    @Test
    void runEndsWithOneWhenItsLockCannotBeWrittenAndWithTwoOnceItIsWritten() throws Exception {
        writeADeployment();
        Files.createDirectory(folder.resolve("taken.lock"));
        var refused = flusso("run", "--lock", "taken.lock");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).startsWith("error: the lock 'taken.lock' cannot be written: ");
        var unset = flusso("run");
        assertThat(unset.exitCode()).isEqualTo(2);
        assertThat(unset.err()).contains("variable NOT_SET_HERE, which 'source.connection_url' refers to, is not set");
        assertThat(folder.resolve("flusso.lock")).isRegularFile();
        assertThat(folder.resolve("flusso-journal")).doesNotExist();
    }

    private void writeADeployment() throws IOException {
        var config = new StringBuilder(
                "[source]\ntype = \"postgres\"\nconnection_url = { env = \"NOT_SET_HERE\" }\n[sinks.primary]\ntype = \"opensearch\"\n");
        for (int index = 0; index < SCHEMAS; index++) {
            config.append("[[index]]\nname = \"index%d\"\nschema = \"%d.schema.yml\"\n".formatted(index, index));
            Files.writeString(folder.resolve(index + ".schema.yml"), schema(index));
        }
        Files.writeString(folder.resolve("flusso.toml"), config);
    }

    /** A hundred fields of all kinds, a few of them in joins. */
    private static String schema(int index) {
        var yaml = new StringBuilder("table: table%d\nprimary_key: id\nfields:\n  - long: id\n".formatted(index));
        int fields = 1;
        for (int i = 0; fields < FIELDS; i++) {
            yaml.append("  - keyword: name%d\n    required: true\n    transforms: [lowercase, trim]\n".formatted(i));
            yaml.append("  - decimal: amount%d\n    default: 1.50\n  - timestamp: at%d\n    column: happened_%d\n"
                    .formatted(i, i, i));
            yaml.append("  - enum: state%d\n    variants: [new, paid, sent]\n".formatted(i));
            yaml.append("  - has_many: lines%d\n    table: lines\n    primary_key: id\n    foreign_key: parent_id\n"
                    .formatted(i));
            yaml.append("    order_by: [{column: at, direction: desc}]\n    limit: 5\n    fields:\n");
            yaml.append("      - text: words\n      - boolean: done\n      - integer: number\n");
            yaml.append("  - count: lineCount%d\n    table: lines\n    foreign_key: parent_id\n".formatted(i));
            yaml.append("    filters: [{column: done, op: eq, value: true}]\n");
            fields += 9;
        }
        return yaml.toString();
    }

    /** User and system time of the launcher and all it starts, as the shell sums it up. */
    private double processorSeconds(String words) throws Exception {
        var script = "'" + Distribution.launcher() + "' " + words + " >/dev/null || exit; times";
        var result = Distribution.run(
                folder,
                Distribution.environment(Path.of(System.getProperty("java.home")), folder),
                List.of("/bin/sh", "-c", script));
        var times = CHILD_TIMES.matcher(result.out().lines().skip(1).findFirst().orElse(""));
        assertThat(times.matches()).as(result.out() + result.err()).isTrue();
        return 60 * Double.parseDouble(times.group(1))
                + Double.parseDouble(times.group(2))
                + 60 * Double.parseDouble(times.group(3))
                + Double.parseDouble(times.group(4));
    }

    private Distribution.Result flusso(String... words) throws Exception {
        var command = new ArrayList<String>();
        command.add(Distribution.launcher().toString());
        command.addAll(List.of(words));
        return Distribution.run(
                folder, Distribution.environment(Path.of(System.getProperty("java.home")), folder), command);
    }
}
