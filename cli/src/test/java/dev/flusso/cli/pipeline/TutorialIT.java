package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.Tutorial;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages a beginner follows, line by line: files, commands, and what they are said to print. {@code psql}, {@code createdb} and
 * {@code curl} are played by the test, so that none of them has to be installed; {@code flusso} is the distribution.
 */
final class TutorialIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private final int publicPort = FreePorts.next();
    private final URI search = SharedServers.search().url();
    private @Nullable ProcessControl running;
    private String database = "";

    @AfterEach
    void stop() {
        var left = running;
        if (left != null) {
            left.close();
        }
    }

    @Test
    void theFirstIndexIsMadeAsThePageSays() throws Exception {
        var tutorial = Tutorial.read("docs/tutorial/first-index.md");
        try (var postgres = PostgresServer.builder().start()) {
            for (var step : tutorial.steps()) {
                if (step instanceof Tutorial.Step.Write write) {
                    write.into(folder);
                } else if (step instanceof Tutorial.Step.Type type) {
                    typed(type, postgres);
                }
            }
            assertThat(running).as("the page stops what it has started").isNull();
            assertThat(Files.exists(folder.resolve("flusso-journal"))).isFalse();
            try (var connection = postgres.connect(database);
                    var statement = connection.createStatement();
                    var left = statement.executeQuery(
                            "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_publication)")) {
                left.next();
                assertThat(left.getInt(1))
                        .as("slots and publications left behind")
                        .isZero();
            }
        } finally {
            http("DELETE", search + "/products_*?expand_wildcards=all&ignore_unavailable=true");
        }
    }

    @Test
    void theReadmesFilesRunOnTheTablesTheyAreAbout() throws Exception {
        try (var day = new FirstDay(SharedServers.postgres(), "readme", search, folder)) {
            Tutorial.read("README.md").write(folder);
            day.sql(
                    "INSERT INTO users (id, email) VALUES (1, ' A@x.org ')",
                    "INSERT INTO orders (user_id, status, total) VALUES (1, 'new', 12.50)");
            database = "readme";
            var check = flusso(SharedServers.postgres(), List.of("check"));
            assertThat(check.waitForExit(SOON)).as(check.lastLines(60)).isZero();
            assertThat(check.output(OutputLine.Channel.OUT)).contains("no errors");
            running = flusso(SharedServers.postgres(), List.of("run"));
            Eventually.within(SOON)
                    .passes(
                            "the document to be there",
                            () -> assertThat(day.indexed())
                                    .containsEntry(
                                            "1",
                                            "{\"id\":1,\"email\":\"a@x.org\",\"orders\":[{\"status\":\"new\",\"total\":12.50}],\"order_count\":1}"));
            interrupt();
        }
    }

    private void typed(Tutorial.Step.Type step, PostgresServer postgres) throws Exception {
        var words = words(step.line());
        switch (words.get(0)) {
            case "createdb" -> {
                database = words.get(1);
                postgres.freshDatabase(database);
            }
            case "psql" -> psql(postgres, words.subList(1, words.size()));
            case "export" ->
                assertThat(words.get(1)).isEqualTo("DATABASE_URL=postgres://postgres:secret@localhost:5432/shop");
            case "rm" -> remove(words.subList(1, words.size()));
            case "curl" -> curl(step, words.get(words.size() - 1));
            case "^C" -> interrupt();
            case "flusso" -> flusso(step, postgres, words.subList(1, words.size()));
            default -> throw new AssertionError("the test cannot play '" + step.line() + "'");
        }
    }

    /** Words as a shell makes them of a line, up to a comment. */
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find() && !matcher.group().startsWith("#")) {
            for (int group = 1; group <= 3; group++) {
                if (matcher.group(group) != null) {
                    words.add(matcher.group(group));
                }
            }
        }
        return words;
    }

    private void psql(PostgresServer postgres, List<String> words) throws SQLException, IOException {
        assertThat(words.get(0)).isEqualTo(database);
        try (var connection = postgres.connect(database)) {
            for (int i = 1; i < words.size(); i += 2) {
                FirstDay.sql(
                        connection,
                        words.get(i).equals("-f")
                                ? Files.readString(folder.resolve(words.get(i + 1)))
                                : words.get(i + 1));
            }
        }
    }

    /** Asked again until it answers what is shown: changes take their time. */
    private void curl(Tutorial.Step.Type step, String address) {
        var url = (address.startsWith("http") ? address : "http://" + address)
                .replace("http://localhost:9200", search.toString())
                .replace("http://localhost:9464", "http://127.0.0.1:" + publicPort);
        assertThat(step.shown())
                .as("the page shows what " + step.line() + " answers")
                .isNotEmpty();
        Eventually.within(SOON)
                .passes(
                        step.line(),
                        () -> assertThat(comparable(http("GET", url))).isEqualTo(comparable(step.shown())));
    }

    /** JSON in no particular order of keys, anything else as it is. */
    private static Object comparable(String text) throws IOException {
        return text.startsWith("{") ? FirstDay.JSON.readTree(text) : text.strip();
    }

    private static String http(String method, String url) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void flusso(Tutorial.Step.Type step, PostgresServer postgres, List<String> words) {
        if (words.equals(List.of("run"))) {
            assertThat(running).as("what runs before " + step.line()).isNull();
            running = flusso(postgres, words);
            return;
        }
        try (var process = flusso(postgres, words)) {
            assertThat(process.waitForExit(SOON)).as(process.lastLines(60)).isZero();
            var printed = process.output(OutputLine.Channel.OUT);
            if (!step.shown().isEmpty()) {
                assertThat(printed).isEqualTo(step.shown());
            }
            assertThat(printed).doesNotContain("warning: ", "error: ");
        }
    }

    private ProcessControl flusso(PostgresServer postgres, List<String> words) {
        var command = new ArrayList<String>();
        command.add(System.getProperty("flusso.home") + "/bin/flusso");
        command.addAll(words);
        var started = ProcessControl.command(command)
                .name("flusso " + String.join(" ", words))
                .directory(folder)
                .withoutEnvironment("FLUSSO_LOG")
                .environment("DATABASE_URL", postgres.url(database))
                .environment("PRIMARY_OPENSEARCH_URL", search.toString())
                .environment("FLUSSO_PUBLIC_ADDRESS", "127.0.0.1:" + publicPort)
                .environment("FLUSSO_PRIVATE_ADDRESS", "127.0.0.1:0");
        return database.equals("readme")
                ? started.environment("FLUSSO_INDEX_PREFIX", "readme_")
                        .environment("FLUSSO_SLOT", "flusso_readme")
                        .start()
                : started.start();
    }

    private void interrupt() {
        var process = running;
        assertThat(process).as("what ^C is to end").isNotNull();
        if (process != null) {
            process.signal("INT");
            assertThat(process.waitForExit(SOON)).as(process.lastLines(60)).isZero();
            process.close();
            running = null;
        }
    }

    private void remove(List<String> words) throws IOException {
        for (var word : words) {
            if (!word.startsWith("-")) {
                try (var files = Files.walk(folder.resolve(word))) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}
