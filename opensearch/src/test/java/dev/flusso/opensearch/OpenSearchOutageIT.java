package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SearchServer;
import dev.flusso.journal.Position;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkContract;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink before an OpenSearch of its own that is frozen, killed, restored and has tight limits. */
class OpenSearchOutageIT {

    private static final Outcome WRITTEN = new Outcome.Written();

    @TempDir
    private static Path repository;

    private static SearchServer server;
    private static PlainHttp http;

    private final String prefix = SinkFixtures.freshPrefix();
    private OpenSearchSink sink;
    private SinkIndex users;

    @BeforeAll
    static void start() {
        server = SearchServer.builder()
                .setting("http.max_content_length", "1mb")
                .setting("path.repo", repository.toString())
                .start();
        http = new PlainHttp(server.url());
    }

    @BeforeEach
    void open() {
        sink = SinkFixtures.sink(server.url(), prefix, Duration.ofSeconds(10));
        users = sink.index(SinkFixtures.index("users"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        sink.close();
        http.delete("/" + prefix + "*?expand_wildcards=all");
    }

    private static DocumentWrite upsert(String id, long version, String name) {
        return SinkFixtures.json(id, version, "{\"name\":\"" + name + "\"}");
    }

    private static List<Outcome> written(SinkIndex index, String generation, DocumentWrite... writes) {
        return index.write(generation, List.of(writes))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void splitsWhatExceedsTheServersOwnLimit() {
        var generation = users.create(1).name();
        var writes = new ArrayList<DocumentWrite>();
        for (var i = 0; i < 40; i++) {
            writes.add(SinkFixtures.json("" + i, 1, "{\"name\":\"n\"" + " ".repeat(100_000) + "}"));
        }
        writes.add(SinkFixtures.json("large", 1, "{\"name\":\"n\"" + " ".repeat(2_000_000) + "}"));
        var outcomes = new ArrayList<>(written(users, generation, writes.toArray(DocumentWrite[]::new)));
        assertThat(outcomes.remove(40))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.type()).isEqualTo("document_too_large"));
        assertThat(outcomes).hasSize(40).containsOnly(WRITTEN);
    }

    @Test
    @DisplayName("P10 a server that stands still is given up on, and used again when it moves")
    void survivesAFrozenServer() {
        var generation = users.create(1).name();
        try (var impatient = SinkFixtures.sink(server.url(), prefix, Duration.ofSeconds(1))) {
            var index = impatient.index(SinkFixtures.index("users"));
            server.freeze();
            try {
                assertThat(SinkContract.failure(index.write(generation, List.of(upsert("1", 5, "old"))))
                                .kind())
                        .isEqualTo(Kind.UNAVAILABLE);
            } finally {
                server.thaw();
            }
            assertThat(written(users, generation, upsert("1", 6, "new"))).containsExactly(WRITTEN);
        }
        users.refresh(generation).join();
        assertThat(http.documents(generation)).containsOnlyKeys("1").containsValue("{\"name\":\"new\"}");
    }

    @Test
    @DisplayName("P10 a killed server is come back to; what it confirmed is there, deletes too")
    void survivesAKilledServer() {
        var before = users.create(1);
        written(users, before.name(), upsert("1", 5, "one"), new DocumentWrite.Delete("2", 5));
        server.killHard();
        var failure = SinkContract.failure(users.write(before.name(), List.of(upsert("3", 5, "three"))));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        server.start();
        Eventually.within(Duration.ofSeconds(30))
                .until(
                        "a write to pass",
                        () -> written(users, before.name(), upsert("3", 5, "three"))
                                .equals(List.of(WRITTEN)));
        assertThat(written(users, before.name(), upsert("2", 4, "old"))).containsExactly(new Outcome.NewerThere());
        assertThat(users.generations()).containsExactly(before);
    }

    @Test
    @DisplayName("P9 an index restored from a backup has another UUID, another history and an older memory")
    void showsARestoredIndex() {
        var before = users.create(1);
        users.remember(before.name(), SinkMemory.NONE, new SinkMemory(new Position(1, 10), 5, 1, "live"));
        http.put("/_snapshot/backup", "{\"type\":\"fs\",\"settings\":{\"location\":\"" + repository + "\"}}");
        http.put(
                "/_snapshot/backup/" + prefix + "1?wait_for_completion=true",
                "{\"indices\":\"" + prefix + "*\",\"include_global_state\":false}");
        users.remember(before.name(), SinkMemory.NONE, new SinkMemory(new Position(1, 20), 6, 2, "live"));
        http.delete("/" + prefix + "*?expand_wildcards=all");
        http.post("/_snapshot/backup/" + prefix + "1/_restore?wait_for_completion=true", "{\"include_aliases\":false}");

        var after = users.generations().get(0);
        assertThat(after.uuid()).isNotEqualTo(before.uuid());
        assertThat(after.history()).isNotEmpty().isNotEqualTo(before.history());
        assertThat(after.memory()).isEqualTo(new SinkMemory(new Position(1, 10), 5, 1, "live"));
        assertThat(users.create(1)).isEqualTo(after);
        assertThat(written(users, after.name(), upsert("1", 6, "one"))).containsExactly(WRITTEN);
        users.remember(after.name(), SinkMemory.NONE, new SinkMemory(new Position(1, 30), 7, 3, "live"));
    }

    @Test
    @DisplayName("P9 an index deleted under load is noticed, and not created anew")
    void noticesAnIndexDeletedUnderLoad() {
        var generation = users.create(1).name();
        var requests = new ArrayList<CompletableFuture<List<Outcome>>>();
        for (var i = 0; i < 200; i++) {
            if (i == 100) {
                http.delete("/" + generation);
            }
            requests.add(users.write(
                    generation,
                    i % 2 == 0
                            ? List.of(upsert("" + i, 5, "x"), new DocumentWrite.Delete("d" + i, 5))
                            : List.of(new DocumentWrite.Delete("" + i, 5))));
        }
        var last = requests.get(requests.size() - 1);
        assertThat(SinkContract.failure(last).kind()).isEqualTo(Kind.INDEX_MISSING);
        for (var request : requests) {
            try {
                assertThat(request.join()).containsOnly(WRITTEN);
            } catch (CompletionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                SinkException.class,
                                missing -> assertThat(missing.kind()).isEqualTo(Kind.INDEX_MISSING));
            }
        }
        assertThat(http.get("/_cat/indices/" + prefix + "*?expand_wildcards=all&format=json"))
                .isEmpty();
    }

    @Test
    @DisplayName("P8 a search through the swap sees no error and no missing document")
    void isSearchedThroughTheSwap() {
        var generations = new ArrayList<SinkGeneration>();
        for (var number = 1; number <= 2; number++) {
            var generation = users.create(number);
            written(users, generation.name(), upsert("1", 1, "one"));
            users.endSeeding(generation.name());
            generations.add(generation);
        }
        users.serve(generations.get(0).name());
        var swapped = new AtomicBoolean();
        var searches = CompletableFuture.supplyAsync(() -> {
            var count = 0;
            while (!swapped.get() || count < 20) {
                assertThat(http.documents(prefix + "users")).containsOnlyKeys("1");
                count++;
            }
            return count;
        });
        for (var turn = 1; turn <= 20; turn++) {
            users.serve(generations.get(turn % 2).name());
        }
        users.serve(generations.get(1).name());
        users.drop(generations.get(0).name());
        swapped.set(true);
        assertThat(searches.orTimeout(60, TimeUnit.SECONDS).join()).isPositive();
    }

    @Test
    void saysThatThereIsNobodyAtAnAddress() {
        try (var nobody = SinkFixtures.sink(URI.create("http://nobody.invalid:9200"), prefix, Duration.ofSeconds(5))) {
            assertThatThrownBy(() -> nobody.index(SinkFixtures.index("users")).generations())
                    .isInstanceOfSatisfying(
                            SinkException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                    .hasMessageContaining("nobody.invalid");
        }
    }
}
