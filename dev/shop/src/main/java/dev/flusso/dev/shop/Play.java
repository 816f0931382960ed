package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.dev.servers.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happens, from an empty machine to the last comparison. One thread. */
final class Play {

    private static final Duration SEEDING = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int ROWS = 8;
    private static final int SMALL_CHANGES = 48;
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(60);

    private final Stage stage;
    private final Path shop;
    private final Console console;
    private final Score score;
    private int numbers;

    Play(Stage stage, Path shop, Console console, Score score) {
        this.stage = stage;
        this.shop = shop;
        this.console = console;
        this.score = score;
    }

    /** Everything, each check counted; what makes going on impossible is thrown. */
    void perform() {
        console.title("A shop in Postgres, and OpenSearch beside it");
        var database = openShop();
        console.title("flusso, as two processes");
        seed(database);
        addresses();
        for (var scene : Scene.ALL) {
            play(scene, database);
        }
        outage(database);
        kill(database);
        compare(database);
    }

    private ShopDatabase openShop() {
        var started = System.nanoTime();
        console.progress("starting Postgres and OpenSearch …");
        var database = stage.startServers(shop.resolve("sql"));
        var rows = database.rowCounts().entrySet().stream()
                .map(table -> String.format("%,d %s", table.getValue(), table.getKey()))
                .collect(Collectors.joining(", "));
        console.say("Postgres runs and is filled: %s.", rows);
        console.progress("starting OpenSearch …");
        stage.awaitSearch();
        console.say("OpenSearch runs and is empty. (%.1f s)", seconds(started));
        return database;
    }

    private void seed(ShopDatabase database) {
        var started = System.nanoTime();
        var wanted = database.documentCounts();
        stage.flusso().startCapture();
        stage.flusso().startWork();
        Eventually.within(SEEDING).value("the indexes to be seeded", () -> seeded(wanted), done -> done);
        var documents = wanted.entrySet().stream()
                .map(index -> String.format("%,d %s", index.getValue(), index.getKey()))
                .collect(Collectors.joining(", "));
        console.passed("searchable: %s, %.1f s after the start of flusso", documents, seconds(started));
        score.add(true);
    }

    private boolean seeded(Map<String, Long> wanted) {
        stage.flusso().mustRun();
        var progress = new ArrayList<String>();
        var served = true;
        for (var index : wanted.entrySet()) {
            progress.add(String.format(
                    "%s %,d of %,d", index.getKey(), stage.indexes().written(index.getKey()), index.getValue()));
            served &= stage.indexes().isServed(index.getKey());
        }
        console.progress("seeding: %s", String.join(" · ", progress));
        return served;
    }

    private void addresses() {
        console.title("Have a look yourself");
        console.say("Postgres    psql %s", stage.postgres().url(ShopDatabase.NAME));
        console.say("            %s", stage.postgres().jdbcUrl(ShopDatabase.NAME));
        console.say("OpenSearch  curl '%s/users/_doc/42?pretty'", stage.search().url());
        console.say(
                "            curl '%s/orders/_search?pretty&q=status:paid'",
                stage.search().url());
        console.say(
                "flusso      curl http://%s/status       (work)", stage.flusso().publicAddress());
        console.say(
                "            curl http://%s/status       (capture)",
                stage.flusso().captureAddress());
        console.say("config      %s", shop.resolve("flusso.toml"));
        console.say("journal     %s", stage.flusso().journal());
    }

    /** What somebody may do who stays. */
    void invite() {
        addresses();
        console.say("");
        console.say("Change something and see it arrive:");
        console.say(
                "  psql %s -c \"UPDATE users SET name = 'Me' WHERE id = 42\" && sleep 1 && curl '%s/users/_doc/42?pretty'",
                stage.postgres().url(ShopDatabase.NAME), stage.search().url());
        console.say("");
    }

    private void play(Scene scene, ShopDatabase database) {
        console.title("%d. %s", ++numbers, scene.title());
        scene.sql().forEach(console::sql);
        var before = new LinkedHashMap<DocumentName, @Nullable JsonNode>();
        var commit = database.change(
                scene.sql(), touched -> before.putAll(stage.indexes().documents(chosen(touched))));
        try {
            var taken = stage.indexes().await(commit.touched(), commit.startedNanos(), patience());
            show(before);
            console.passed("%s %d ms after the commit", counted(commit.touched()), taken.toMillis());
            score.add(true);
        } catch (AssertionError e) {
            wrong(commit.touched());
        }
    }

    /** Once something went wrong, the rest need not take long to say so. */
    private Duration patience() {
        return score.hasFailures() ? SOON.dividedBy(6) : SOON;
    }

    /** Says where the index is not as the database would have it. */
    private void wrong(Map<DocumentName, @Nullable JsonNode> wanted) {
        score.add(false);
        var different = new LinkedHashMap<DocumentName, List<Change>>();
        stage.indexes().documents(wanted.keySet()).forEach((name, found) -> {
            var changes = JsonDifference.between(wanted.get(name), found);
            if (!changes.isEmpty()) {
                different.put(name, changes);
            }
        });
        console.failed(
                "%d of %d documents are not as the database says after %d s; database → index:",
                different.size(), wanted.size(), patience().toSeconds());
        different.entrySet().stream().limit(3).forEach(document -> {
            console.say("%s", document.getKey());
            DifferenceTable.lines(document.getValue(), ROWS, console.columns() - 6)
                    .forEach(line -> console.detail(Colour.RED, line));
        });
        stage.flusso().mustRun();
    }

    /** One document of each index, the first that changed; of the users two, as an order may move from one to another. */
    private static List<DocumentName> chosen(Collection<DocumentName> touched) {
        return Stage.INDEXES.stream()
                .flatMap(index -> touched.stream()
                        .filter(name -> name.index().equals(index))
                        .limit(index.equals("users") ? 2 : 1))
                .toList();
    }

    private void show(Map<DocumentName, @Nullable JsonNode> before) {
        var after = stage.indexes().documents(before.keySet());
        before.forEach((name, old) -> {
            console.say("%s%s", name, old == null ? "  is new" : after.get(name) == null ? "  is gone" : "");
            DifferenceTable.lines(JsonDifference.between(old, after.get(name)), ROWS, console.columns() - 6)
                    .forEach(line -> console.detail(Colour.YELLOW, line));
        });
    }

    private static String counted(Map<DocumentName, @Nullable JsonNode> touched) {
        var parts = Stage.INDEXES.stream()
                .map(index -> Map.entry(
                        index,
                        touched.keySet().stream()
                                .filter(name -> name.index().equals(index))
                                .count()))
                .filter(part -> part.getValue() > 0)
                .map(part -> part.getValue() + " " + (part.getValue() == 1 ? singular(part.getKey()) : part.getKey()))
                .collect(Collectors.joining(", "));
        return touched.size() + (touched.size() == 1 ? " document (" : " documents (") + parts + ") searchable";
    }

    private static String singular(String index) {
        return index.substring(0, index.length() - 1);
    }

    private void outage(ShopDatabase database) {
        console.title("%d. OpenSearch is away for some seconds, and the shop goes on selling", ++numbers);
        stage.search().stop();
        console.say("OpenSearch is stopped; %d transactions are committed meanwhile", SMALL_CHANGES);
        smallChanges(database, 0, SMALL_CHANGES);
        var lsn = database.ask("SELECT pg_current_wal_lsn()");
        var committed = System.nanoTime();
        Eventually.within(SOON)
                .until(
                        "the slot to be acknowledged up to " + lsn,
                        () -> database.ask("SELECT confirmed_flush_lsn >= '" + lsn
                                        + "' FROM pg_replication_slots WHERE slot_name = 'flusso'")
                                .equals("t"));
        console.passed(
                "the slot was acknowledged up to there %.1f s after the last commit; Postgres keeps %,d KiB of WAL for it",
                seconds(committed),
                Long.parseLong(database.ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint"
                                + " FROM pg_replication_slots WHERE slot_name = 'flusso'"))
                        / 1024);
        score.add(true);
        console.progress("starting OpenSearch again …");
        stage.search().start();
        console.say("OpenSearch is back");
        caughtUp(database, "since it was back");
    }

    private void kill(ShopDatabase database) {
        console.title("%d. kill -9 of 'flusso work' in the middle of changes", ++numbers);
        smallChanges(database, SMALL_CHANGES, SMALL_CHANGES);
        console.say("killed pid %d; the shop goes on selling", stage.flusso().killWork());
        smallChanges(database, 2 * SMALL_CHANGES, SMALL_CHANGES / 2);
        stage.flusso().startWork();
        caughtUp(database, "since the restart");
    }

    private void smallChanges(ShopDatabase database, int from, int count) {
        for (var number = from; number < from + count; number++) {
            console.progress("transaction %d of %d", number - from + 1, count);
            database.run(Scene.smallChange(number));
            LockSupport.parkNanos(BETWEEN_CHANGES.toNanos());
        }
    }

    private void caughtUp(ShopDatabase database, String since) {
        var started = System.nanoTime();
        var touched = database.touchedSince();
        try {
            var taken = stage.indexes().await(touched, started, patience());
            console.passed("caught up: %s %.1f s %s", counted(touched), taken.toMillis() / 1000.0, since);
            score.add(true);
        } catch (AssertionError e) {
            wrong(touched);
        }
    }

    private void compare(ShopDatabase database) {
        console.title("Every document, compared with the one that SQL of another kind makes of the database");
        for (var index : Stage.INDEXES) {
            var comparison = Comparison.of(
                    index, database.expected(index), stage.indexes().all(index));
            if (comparison.isEqual()) {
                console.passed("%s: %,d documents, all equal", index, comparison.compared());
            } else {
                console.failed(
                        "%s: %,d of %,d documents are wrong", index, comparison.differences(), comparison.compared());
                comparison.report(5, console.columns() - 6).forEach(line -> console.detail(Colour.RED, line));
            }
            score.add(comparison.isEqual());
        }
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
