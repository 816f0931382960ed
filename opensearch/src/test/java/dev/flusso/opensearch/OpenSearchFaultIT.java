package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.ProxiedRequest;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Position;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkContract;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink before a real OpenSearch, with a misbehaving network or gateway between. */
class OpenSearchFaultIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Outcome WRITTEN = new Outcome.Written();

    private final String prefix = SinkFixtures.freshPrefix();
    private final PlainHttp http = new PlainHttp(SharedServers.search().url());
    private final FaultProxy proxy = FaultProxy.before(SharedServers.search());
    private final OpenSearchSink sink = SinkFixtures.sink(proxy.url(), prefix, LONG);
    private final SinkIndex users = sink.index(SinkFixtures.index("users"));
    private String generation = "";

    @BeforeEach
    void create() {
        generation = users.create(1).name();
    }

    @AfterEach
    void close() {
        proxy.http().clear();
        proxy.close();
        sink.close();
        http.delete("/" + prefix + "*?expand_wildcards=all");
    }

    private static DocumentWrite upsert(String id, long version, String name) {
        return SinkFixtures.json(id, version, "{\"name\":\"" + name + "\"}");
    }

    private List<Outcome> written(DocumentWrite... writes) {
        return users.write(generation, List.of(writes))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private SinkException failure(DocumentWrite... writes) {
        return SinkContract.failure(users.write(generation, List.of(writes)));
    }

    private Object found() {
        users.refresh(generation).join();
        return http.documents(generation);
    }

    @ParameterizedTest
    @CsvSource({
        "429,UNAVAILABLE",
        "500,UNAVAILABLE",
        "502,UNAVAILABLE",
        "503,UNAVAILABLE",
        "504,UNAVAILABLE",
        "408,UNAVAILABLE",
        "401,FORBIDDEN",
        "403,FORBIDDEN",
        "400,REFUSED",
        "302,REFUSED",
        "405,REFUSED"
    })
    @DisplayName("P12 a request that fails as a whole is never a rejection")
    void tellsWhatAStatusMeans(int status, Kind kind) {
        proxy.http().next(1).bulks().answer(status);
        var failure = failure(upsert("1", 1, "one"));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("sink 'search' (" + proxy.url() + ") answered " + status);
        assertThat(written(upsert("1", 1, "one"))).containsExactly(WRITTEN);
    }

    @Test
    void splitsWhatIsTooLargeDownToSingleDocuments() {
        proxy.http()
                .always()
                .bulks()
                .matching(request -> request.bodyBytes() > 1000)
                .answer(413);
        var writes = new ArrayList<DocumentWrite>();
        var expected = new ArrayList<Outcome>();
        for (var i = 0; i < 50; i++) {
            writes.add(i % 7 == 3 ? new DocumentWrite.Delete("" + i, 1) : upsert("" + i, 1, "x".repeat(150)));
            expected.add(WRITTEN);
        }
        writes.set(40, upsert("40", 1, "x".repeat(1000)));
        var outcomes = written(writes.toArray(DocumentWrite[]::new));
        assertThat(outcomes.remove(40)).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
            assertThat(rejected.type()).isEqualTo("document_too_large");
            assertThat(rejected.reason()).contains("http.max_content_length");
        });
        expected.remove(40);
        assertThat(outcomes).isEqualTo(expected);
        assertThat(proxy.http().count(exchange -> exchange.status() == 413)).isLessThan(50);
    }

    @Test
    @DisplayName("P12 429 and 503 of single documents are no rejections")
    void keepsBusyDocumentsApart() {
        proxy.http().next(1).rejectItems(429, item -> item.id().equals("2"));
        proxy.http().next(1).rejectItems(503, item -> item.id().equals("1"));
        proxy.http().next(1).rejectItems(400, item -> item.id().equals("3"));
        var all = new DocumentWrite[] {upsert("1", 1, "one"), upsert("2", 1, "two"), upsert("3", 1, "three")};
        assertThat(written(all))
                .containsExactly(WRITTEN, new Outcome.Busy("429 rejected_execution_exception"), WRITTEN);
        assertThat(written(all))
                .containsExactly(new Outcome.Busy("503 unavailable_shards_exception"), WRITTEN, WRITTEN);
        assertThat(written(all).get(2)).isInstanceOf(Outcome.Rejected.class);
        assertThat(written(all)).containsOnly(WRITTEN);
    }

    @Test
    void takesABlockOfOneDocumentForABlockOfAll() {
        proxy.http().next(1).bulks().answer(200, """
                        {"errors":true,"items":[{"index":{"status":201}},{"index":{"status":403,"error":{"type":"cluster_block_exception",\
                        "reason":"index [u] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];"}}}]}""");
        assertThat(failure(upsert("1", 1, "one"), upsert("2", 1, "two")).kind()).isEqualTo(Kind.READ_ONLY);
        proxy.http().next(1).bulks().answer(200, """
                        {"errors":true,"items":[{"index":{"status":403,"error":{"type":"security_exception","reason":"no permissions"}}}]}""");
        assertThat(failure(upsert("1", 1, "one")).kind()).isEqualTo(Kind.FORBIDDEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"errors\":false,\"items\":[]}",
                "{\"errors\":false,\"items\":[{\"index\":{\"status\":200}}",
                "{\"errors\":false,\"items\":[{\"index\":{\"status\":200}},{\"index\":{\"status\":200}}]}",
                "{\"errors\":false,\"items\":[{\"delete\":{\"status\":200}}]}",
                "{\"errors\":false,\"items\":[{\"index\":{}}]}",
                "{\"errors\":false,\"items\":[\"index\"]}",
                "{\"errors\":false,\"items\":{\"index\":{\"status\":200}}}"
            })
    void doesNotBelieveAnAnswerThatIsNone(String answer) {
        proxy.http().next(1).bulks().answer(200, answer);
        assertThat(failure(upsert("1", 1, "one")).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(written(upsert("1", 1, "one"))).containsExactly(WRITTEN);
    }

    @Test
    void takesAnotherServersPageForAnOutage() {
        proxy.http().next(1).bulks().answer(404, "\"<html>no such page</html>\"");
        assertThat(failure(upsert("1", 1, "one")).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("P10 a lost connection is made again")
    void comesBackAfterALostConnection() {
        proxy.reset();
        assertThat(failure(upsert("1", 1, "one")).kind()).isEqualTo(Kind.UNAVAILABLE);
        proxy.refuse();
        assertThat(failure(upsert("1", 1, "one"))).hasMessageContaining("cannot be connected to");
        proxy.pass();
        assertThat(written(upsert("1", 1, "one"))).containsExactly(WRITTEN);
        proxy.cutAll();
        var again =
                users.write(generation, List.of(upsert("1", 2, "two"))).handle((outcomes, failure) -> failure == null);
        if (!again.join()) {
            assertThat(written(upsert("1", 2, "two"))).containsExactly(WRITTEN);
        }
        assertThat(found()).hasToString("{1={\"name\":\"two\"}}");
    }

    @Test
    @DisplayName("P6 a request whose answer is lost may be sent again")
    void mayRepeatWhatWasDoneUnanswered() {
        proxy.http().next(1).bulks().dropResponse();
        assertThat(failure(upsert("1", 5, "one"), new DocumentWrite.Delete("2", 5))
                        .kind())
                .isEqualTo(Kind.UNAVAILABLE);
        assertThat(written(upsert("1", 5, "one"), new DocumentWrite.Delete("2", 5)))
                .containsExactly(WRITTEN, WRITTEN);
        assertThat(written(upsert("1", 4, "old"), upsert("2", 4, "old")))
                .containsExactly(new Outcome.NewerThere(), new Outcome.NewerThere());
    }

    @Test
    @DisplayName("P4 a request that arrives late does no harm")
    void survivesALateRequest() {
        try (var impatient = SinkFixtures.sink(proxy.url(), prefix, Duration.ofSeconds(1))) {
            var held = proxy.http().next(1).bulks().hold();
            var late = impatient
                    .index(SinkFixtures.index("users"))
                    .write(generation, List.of(upsert("1", 5, "old"), upsert("2", 5, "old")));
            assertThat(SinkContract.failure(late)).hasMessageContaining("within 1000 ms");
            assertThat(written(upsert("1", 6, "new"), new DocumentWrite.Delete("2", 6)))
                    .containsExactly(WRITTEN, WRITTEN);
            assertThat(held.deliver(LONG)).containsExactly(200);
            assertThat(found()).hasToString("{1={\"name\":\"new\"}}");
        }
    }

    @Test
    @DisplayName("P10 every call has a deadline")
    void givesUpOnEveryCallInTime() {
        try (var impatient = SinkFixtures.sink(proxy.url(), prefix, Duration.ofMillis(500))) {
            var index = impatient.index(SinkFixtures.index("users"));
            proxy.blackhole();
            var calls = new LinkedHashMap<String, ThrowingSupplier<Object>>();
            calls.put(
                    "write",
                    () -> index.write(generation, List.of(upsert("1", 1, "one")))
                            .join());
            calls.put("refresh", () -> index.refresh(generation).join());
            calls.put("generations", index::generations);
            calls.put("create", () -> index.create(2));
            calls.put("endSeeding", () -> {
                index.endSeeding(generation);
                return "";
            });
            calls.put("serve", () -> {
                index.serve(generation);
                return "";
            });
            calls.put("drop", () -> {
                index.drop(generation);
                return "";
            });
            calls.put("remember", () -> {
                index.remember(generation, SinkMemory.NONE, new SinkMemory(Position.BEGINNING, 1, 1, "live"));
                return "";
            });
            calls.forEach((name, call) -> {
                var began = System.nanoTime();
                var failure = catchThrowableOfType(Throwable.class, call::get);
                var took = Duration.ofNanos(System.nanoTime() - began);
                assertThat(failure).as(name).hasStackTraceContaining("did not answer");
                assertThat(took).as(name).isLessThan(Duration.ofSeconds(5));
            });
            proxy.pass();
            assertThat(index.write(generation, List.of(upsert("1", 1, "one"))).join())
                    .containsExactly(WRITTEN);
        }
    }

    @Test
    @DisplayName("P13 credentials are sent with each request and shown nowhere")
    void sendsCredentialsAndDoesNotShowThem() {
        var seen = new ArrayList<String>();
        proxy.http()
                .always()
                .matching(request -> seen.add(authorization(request)))
                .answer(401);
        for (var access : List.of(
                new ClusterAccess(proxy.url(), "ann", "s3cret:ä", null, null, true),
                new ClusterAccess(proxy.url(), null, null, "czNjcmV0", null, true))) {
            try (var secured = OpenSearchSink.open(SinkFixtures.config(LONG), access, prefix)) {
                var index = secured.index(SinkFixtures.index("users"));
                var failure = SinkContract.failure(index.write(generation, List.of(upsert("1", 1, "one"))));
                assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN);
                assertThat(failure)
                        .hasMessageContaining("api_key")
                        .message()
                        .doesNotContain("s3cret")
                        .doesNotContain("czNjcmV0");
            }
        }
        assertThat(seen).containsExactly("Basic YW5uOnMzY3JldDrDpA==", "ApiKey czNjcmV0");
    }

    private static String authorization(ProxiedRequest request) {
        return request.header("Authorization").orElse("none");
    }

    @Test
    @DisplayName("P8 the swap is one request, and fails as a whole or not at all")
    void swapsInOneRequest() {
        users.serve(generation);
        var next = users.create(2).name();
        proxy.http()
                .next(1)
                .matching(request -> request.path().equals("/_aliases"))
                .dropResponse();
        assertThat(catchThrowableOfType(SinkException.class, () -> users.serve(next))
                        .kind())
                .isEqualTo(Kind.UNAVAILABLE);
        users.serve(next);
        assertThat(http.get("/_alias/" + prefix + "users").properties()).hasSize(1);
        assertThat(proxy.http().count(exchange -> exchange.request().startsWith("POST /_aliases")))
                .isEqualTo(3);
    }

    @Test
    void createsOnceThoughTheAnswerIsLost() {
        proxy.http().next(1).matching(request -> request.method().equals("PUT")).dropResponse();
        assertThat(catchThrowableOfType(SinkException.class, () -> users.create(2))
                        .kind())
                .isEqualTo(Kind.UNAVAILABLE);
        assertThat(users.create(2).history()).isNotEmpty();
        assertThat(users.generations()).hasSize(2);
    }
}
