package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Position;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkContract;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkMemory;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The sink before a real OpenSearch that behaves. */
class OpenSearchSinkIT extends SinkContract {

    private final String prefix = SinkFixtures.freshPrefix();
    private final PlainHttp http = new PlainHttp(SharedServers.search().url());
    private final OpenSearchSink sink = SinkFixtures.sink(SharedServers.search().url(), prefix, Duration.ofSeconds(30));

    @AfterEach
    void close() {
        sink.close();
        http.delete("/" + prefix + "*?expand_wildcards=all");
    }

    @Override
    protected Sink sink() {
        return sink;
    }

    @Override
    protected String prefix() {
        return prefix;
    }

    @Override
    protected SortedMap<String, String> searchable(String indexOrAlias) {
        return http.documents(indexOrAlias);
    }

    @Override
    protected void foreignIndex(String name, List<String> aliases) {
        http.put("/" + name, "{\"settings\":{\"number_of_replicas\":0}}");
        aliases.forEach(alias -> http.put("/" + name + "/_alias/" + alias, ""));
    }

    @Override
    protected boolean exists(String index) {
        return http.exists("/" + index);
    }

    @Override
    protected void deleteIndex(String index) {
        http.delete("/" + index);
    }

    @Override
    protected void refusePoison() {}

    @Test
    @DisplayName("P9 deletes alone do not create an index that is gone")
    void createsNoIndexForDeletes() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        assertThat(written(users, generation, new DocumentWrite.Delete("1", 5), new DocumentWrite.Delete("2", 5)))
                .containsExactly(new Outcome.Written(), new Outcome.Written());
        written(users, generation, upsert("3", 5, "three"), new DocumentWrite.Delete("2", 6));
        deleteIndex(generation);
        for (var writes : List.of(
                List.<DocumentWrite>of(new DocumentWrite.Delete("1", 7)),
                List.of(upsert("1", 7, "one"), new DocumentWrite.Delete("2", 7)))) {
            assertThat(failure(users.write(generation, writes)).kind()).isEqualTo(SinkException.Kind.INDEX_MISSING);
        }
        assertThat(http.get("/_cat/indices/" + prefix + "*?expand_wildcards=all&format=json"))
                .isEmpty();
    }

    @Test
    void putsALostWriteAliasBack() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        http.delete("/" + generation + "/_alias/" + generation + "_write");
        assertThat(failure(users.write(generation, List.of(upsert("1", 1, "one"))))
                        .kind())
                .isEqualTo(SinkException.Kind.UNAVAILABLE);
        assertThat(written(users, generation, upsert("1", 1, "one"))).containsExactly(new Outcome.Written());

        http.delete("/" + generation + "/_alias/" + generation + "_write");
        users.create(1);
        assertThat(written(users, generation, upsert("1", 1, "one"))).containsExactly(new Outcome.Written());
    }

    @Test
    void appliesSettingsThatNeedNoNewGenerationInPlace() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        users.create(1);
        assertThat(setting(generation, "refresh_interval").asText()).isEqualTo("-1");
        users.endSeeding(generation);
        assertThat(setting(generation, "refresh_interval").asText()).isEqualTo("10s");
        assertThat(setting(generation, "gc_deletes").asText()).isEqualTo("1h");

        http.put("/" + generation + "/_settings", "{\"index\":{\"number_of_replicas\":3,\"refresh_interval\":\"7s\"}}");
        users.create(1);
        assertThat(setting(generation, "refresh_interval").asText()).isEqualTo("10s");
        assertThat(setting(generation, "number_of_replicas").asInt()).isZero();
        assertThat(setting(generation, "mapping").at("/nested_objects/limit").asInt())
                .isEqualTo(100_000);
    }

    private JsonNode setting(String index, String name) {
        return http.get("/" + index + "/_settings")
                .path(index)
                .path("settings")
                .path("index")
                .path(name);
    }

    @Test
    void hidesItsMemoryAndLeavesTheRustProgramsAlone() {
        var users = sink.index(index("users", false));
        var meta = prefix + "flusso_meta";
        var legacy = prefix + "users_deadbeef";
        http.put(
                "/" + meta,
                "{\"mappings\":{\"dynamic\":\"strict\",\"properties\":{\"active_generation\":{\"type\":\"integer\"},"
                        + "\"seeded\":{\"type\":\"boolean\"}}}}");
        http.put("/" + meta + "/_doc/" + legacy + "?refresh=true", "{\"active_generation\":1,\"seeded\":true}");
        http.put("/" + legacy + "_1", "{}");

        var generation = users.create(1).name();
        var memory = new SinkMemory(new Position(1, 9), 5, 1, "live");
        users.remember(generation, SinkMemory.NONE, memory);
        assertThat(users.generations()).singleElement().extracting("memory").isEqualTo(memory);
        users.drop(generation);
        assertThat(users.generations()).isEmpty();
        assertThat(http.get("/" + meta + "/_doc/" + legacy).path("_source").toString())
                .isEqualTo("{\"active_generation\":1,\"seeded\":true}");
        assertThat(http.get("/" + meta + "/_mapping").findPath("properties").has("active_generation"))
                .isTrue();
        assertThat(exists(legacy + "_1")).isTrue();
        assertThatThrownBy(() -> users.drop(legacy + "_1"))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.REFUSED));
        assertThat(exists(legacy + "_1")).isTrue();
    }

    @Test
    void seesThatAnotherProgramsIndexIsServed() {
        var users = sink.index(index("users", false));
        assertThat(users.isServing()).isFalse();
        http.put("/" + prefix + "users_deadbeef_1", "{\"aliases\":{\"" + prefix + "users\":{}}}");
        assertThat(users.isServing()).isTrue();
        assertThat(users.generations()).isEmpty();
    }

    @Test
    void remembersIndexAndHistoryInAHiddenIndex() {
        var users = sink.index(index("users", false));
        var generation = users.create(1);
        users.remember(generation.name(), SinkMemory.NONE, new SinkMemory(new Position(1, 9), 5, 1, "live"));
        var meta = prefix + "flusso_meta";
        var source = http.get("/" + meta + "/_doc/" + generation.name()).path("_source");
        assertThat(source.path("index_uuid").asText()).isEqualTo(generation.uuid());
        assertThat(source.path("history_uuid").asText()).isEqualTo(generation.history());
        assertThat(setting(meta, "hidden").asBoolean()).isTrue();
        assertThat(http.get("/_cat/indices/" + prefix + "*?format=json")).hasSize(1);
    }

    @Test
    void remembersAgainAfterItsMemoryWasDeleted() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        users.remember(generation, SinkMemory.NONE, new SinkMemory(new Position(1, 9), 5, 1, "live"));
        http.delete("/" + prefix + "flusso_meta");
        assertThat(users.generations()).singleElement().extracting("memory").isNull();
        var memory = new SinkMemory(new Position(1, 10), 6, 2, "live");
        users.remember(generation, SinkMemory.NONE, memory);
        assertThat(users.generations()).singleElement().extracting("memory").isEqualTo(memory);
        assertThat(setting(prefix + "flusso_meta", "hidden").asBoolean()).isTrue();
    }

    @Test
    void refusesWhatCannotBeSentAndSendsTheOthers() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        var longest = "ä".repeat(256);
        var odd = "a\"\\\n\t\u0001/?é😀";
        var outcomes = written(
                users,
                generation,
                upsert("", 1, "empty"),
                upsert(longest, 1, "longest"),
                upsert(longest + "x", 1, "too long"),
                upsert(odd, 1, "odd"),
                new DocumentWrite.Delete("", 1),
                SinkFixtures.json("lines", 1, "{}\n{\"delete\":{\"_id\":\"" + odd.charAt(0) + "\"}}"));
        assertThat(outcomes).extracting(Outcome::settled).containsExactly(false, true, false, true, false, false);
        users.refresh(generation).join();
        assertThat(searchable(generation)).containsOnlyKeys(longest, odd);
    }

    @Test
    @DisplayName("P13 a refusal says which field, not which value")
    void namesTheFieldOfARefusedDocument() {
        var users = sink.index(index("users", true));
        var generation = users.create(1).name();
        var outcomes = written(
                users,
                generation,
                SinkFixtures.json("1", 1, "{\"size\":\"s3cret\"}"),
                SinkFixtures.json("2", 1, "{\"size\":99999999999999999999}"),
                SinkFixtures.json("3", 1, "{\"name\":{\"s3cret\":1}}"),
                SinkFixtures.json("4", 1, "{\"name\":\"" + "s3cret".repeat(9_000) + "\"}"),
                SinkFixtures.json("5", 1, "{\"unknown\":\"s3cret\"}"),
                SinkFixtures.json("6", 1, "{\"name\":\"s3cret\""),
                SinkFixtures.json("7", 1, "[]"));
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Rejected.class));
        assertThat(outcomes.toString())
                .doesNotContain("s3cret")
                .doesNotContain("9999999")
                .contains("[size] of type [long]", "[unknown]", "field=\"name\"")
                .doesNotContain("115, 51, 99");
    }

    @Test
    void compressesAndRunsAPipeline() {
        http.put(
                "/_ingest/pipeline/" + prefix + "p",
                "{\"processors\":[{\"set\":{\"field\":\"name\",\"value\":\"set\"}}]}");
        try (var other = OpenSearchSink.open(
                SinkFixtures.config(Duration.ofSeconds(30), prefix + "p", true),
                SinkFixtures.access(SharedServers.search().url()),
                prefix)) {
            var users = other.index(index("users", false));
            var generation = users.create(1).name();
            assertThat(written(users, generation, upsert("1", 1, "one"), new DocumentWrite.Delete("2", 1)))
                    .containsExactly(new Outcome.Written(), new Outcome.Written());
            users.refresh(generation).join();
            assertThat(searchable(generation)).containsEntry("1", "{\"name\":\"set\"}");

            http.delete("/_ingest/pipeline/" + prefix + "p");
            assertThat(failure(users.write(generation, List.of(upsert("1", 1, "one"))))
                            .kind())
                    .isEqualTo(SinkException.Kind.REFUSED);
        }
    }

    @Test
    void saysThatAnIndexIsBlocked() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        for (var block : List.of("write", "read_only_allow_delete", "read_only")) {
            blocked(generation, block, true);
            try {
                assertThat(failure(users.write(generation, List.of(upsert("1", 1, "one"))))
                                .kind())
                        .isEqualTo(SinkException.Kind.READ_ONLY);
            } finally {
                blocked(generation, block, false);
            }
            assertThat(written(users, generation, upsert("1", 1, "one"))).containsExactly(new Outcome.Written());
        }
        http.post("/" + generation + "/_close", "");
        assertThat(failure(users.write(generation, List.of(upsert("1", 1, "one"))))
                        .kind())
                .isEqualTo(SinkException.Kind.READ_ONLY);
        assertThat(users.generations()).hasSize(1);
    }

    private void blocked(String index, String block, boolean on) {
        http.put("/" + index + "/_settings", "{\"index.blocks." + block + "\":" + (on ? "true" : "null") + "}");
    }
}
