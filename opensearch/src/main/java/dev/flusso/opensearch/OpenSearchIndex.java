package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.mapping.IndexBody;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** One index of a cluster. */
final class OpenSearchIndex implements SinkIndex {

    private static final String WHILE_SEEDING = "-1";

    private static final String FACTS =
            "*.aliases,*.mappings._meta,*.settings.index.uuid,*.settings.index.number_of_shards,*.settings.index.number_of_replicas,"
                    + "*.settings.index.refresh_interval,*.settings.index.mapping.nested_objects.limit";

    private final Cluster cluster;
    private final SinkConfig.OpenSearch config;
    private final Names names;
    private final String hash;
    private final IndexBody body;
    private final Memories memories;
    private final BulkWrites bulk;
    private final Map<String, SinkGeneration> lastSeen = new ConcurrentHashMap<>();

    OpenSearchIndex(
            Cluster cluster,
            SinkConfig.OpenSearch config,
            Names names,
            String hash,
            IndexBody body,
            Memories memories) {
        this.cluster = cluster;
        this.config = config;
        this.names = names;
        this.hash = hash;
        this.body = body;
        this.memories = memories;
        this.bulk = new BulkWrites(cluster, config.pipeline());
    }

    @Override
    public String hash() {
        return hash;
    }

    @Override
    public String generationName(int number) {
        return names.generation(hash, number);
    }

    @Override
    public boolean hasGenerations() {
        return true;
    }

    @Override
    public List<SinkGeneration> generations() {
        var reply = cluster.ask(facts(Call.part(names.plain()) + "_*"));
        check(reply, "the list of the indexes of '" + names.plain() + "'");
        var ours = new TreeMap<String, JsonNode>();
        for (var index : reply.json().properties()) {
            if (isOurs(index.getKey(), index.getValue())) {
                ours.put(index.getKey(), index.getValue());
            }
        }
        return generations(ours);
    }

    private static Call facts(String pattern) {
        return Call.get("/" + pattern)
                .with("expand_wildcards", "all")
                .with("ignore_unavailable", "true")
                .with("allow_no_indices", "true")
                .with("filter_path", FACTS);
    }

    /** The name alone does not do: the Rust program's indexes have the same form. */
    private boolean isOurs(String index, JsonNode facts) {
        return names.parts(index).isPresent()
                && facts.at("/mappings/_meta/flusso/index").asText("").equals(names.plain());
    }

    private List<SinkGeneration> generations(Map<String, JsonNode> facts) {
        if (facts.isEmpty()) {
            return List.of();
        }
        var all = List.copyOf(facts.keySet());
        var remembered = memories.of(all);
        var histories = histories(all);
        var generations = facts.entrySet().stream()
                .map(entry -> {
                    var parts = names.parts(entry.getKey()).orElseThrow();
                    return new SinkGeneration(
                            entry.getKey(),
                            parts.hash(),
                            parts.number(),
                            entry.getValue().at("/settings/index/uuid").asText(""),
                            history(
                                    histories.path(entry.getKey()),
                                    entry.getValue()
                                            .at("/settings/index/number_of_shards")
                                            .asInt(1)),
                            entry.getValue().path("aliases").has(names.plain()),
                            remembered.get(entry.getKey()));
                })
                .sorted(SinkGeneration.BY_NUMBER)
                .toList();
        generations.forEach(generation -> lastSeen.put(generation.name(), generation));
        return generations;
    }

    private JsonNode histories(List<String> indexes) {
        var all = String.join(",", indexes.stream().map(Call::part).toList());
        var reply = cluster.ask(Call.get("/" + all + "/_stats/docs")
                .with("level", "shards")
                .with("forbid_closed_indices", "false")
                .with(
                        "filter_path",
                        "indices.*.shards.*.routing.primary,indices.*.shards.*.commit.user_data.history_uuid"));
        check(reply, "the history of " + indexes);
        return reply.json().path("indices");
    }

    /** The history of each primary shard, in the order of the shards; empty when one of them has none now. */
    private static String history(JsonNode index, int shards) {
        var histories = new StringBuilder();
        for (var shard = 0; shard < shards; shard++) {
            var history = "";
            for (var copy : index.path("shards").path(Integer.toString(shard))) {
                if (copy.at("/routing/primary").asBoolean()) {
                    history = copy.at("/commit/user_data/history_uuid").asText("");
                }
            }
            if (history.isEmpty()) {
                return "";
            }
            histories.append(shard == 0 ? "" : ",").append(history);
        }
        return histories.toString();
    }

    @Override
    public SinkGeneration create(int number) {
        var generation = generationName(number);
        var reply = cluster.ask(Call.put("/" + Call.part(generation))
                .with("timeout", cluster.serverTimeout())
                .json(bodyOf(generation)));
        var existed = reply.errorType().equals("resource_already_exists_exception");
        if (!existed) {
            check(reply, "the creation of '" + generation + "'");
        }
        var facts = factsOf(generation);
        if (!isOurs(generation, facts)) {
            throw new SinkException(
                    Kind.REFUSED,
                    cluster.shown() + " has an index '" + generation + "' that flusso did not create;"
                            + " delete or rename it, or choose another prefix");
        }
        if (existed) {
            applyInPlace(generation, facts);
        }
        check(
                cluster.ask(Call.get("/_cluster/health/" + Call.part(generation))
                        .with("wait_for_status", "yellow")
                        .with("timeout", cluster.serverTimeout())),
                "the wait for the shards of '" + generation + "'");
        return generations(Map.of(generation, facts)).get(0);
    }

    private JsonNode bodyOf(String generation) {
        var tree = body.json();
        tree.withObject("/mappings/_meta/flusso").put("index", names.plain()).put("hash", hash);
        tree.withObject("/aliases").putObject(Names.writeAlias(generation)).put("is_hidden", true);
        return tree;
    }

    private JsonNode factsOf(String generation) {
        var reply = cluster.ask(facts(Call.part(generation)));
        check(reply, "a look at '" + generation + "'");
        var facts = reply.json().path(generation);
        if (facts.isMissingNode()) {
            throw new SinkException(Kind.INDEX_MISSING, cluster.shown() + " has no index '" + generation + "'");
        }
        return facts;
    }

    /** What the config may change without a new generation. */
    private void applyInPlace(String generation, JsonNode facts) {
        if (!facts.path("aliases").has(Names.writeAlias(generation))) {
            check(cluster.ask(BulkWrites.writeAlias(generation)), "an alias for '" + generation + "'");
        }
        var present = facts.at("/settings/index");
        var wanted = Reply.JSON.createObjectNode();
        if (present.path("number_of_replicas").asInt(-1) != config.numberOfReplicas()) {
            wanted.put("index.number_of_replicas", config.numberOfReplicas());
        }
        if (present.at("/mapping/nested_objects/limit").asInt(-1) != config.maxNested()) {
            wanted.put("index.mapping.nested_objects.limit", config.maxNested());
        }
        var refresh = present.path("refresh_interval").asText("");
        if (!refresh.equals(WHILE_SEEDING) && !refresh.equals(config.refreshInterval())) {
            wanted.put("index.refresh_interval", config.refreshInterval());
        }
        if (!wanted.isEmpty()) {
            settings(generation, wanted);
        }
    }

    private void settings(String generation, JsonNode settings) {
        var reply = cluster.ask(Call.put("/" + Call.part(generation) + "/_settings")
                .with("timeout", cluster.serverTimeout())
                .json(settings));
        check(reply, "the settings of '" + generation + "'");
    }

    @Override
    public CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes) {
        return bulk.write(generation, List.copyOf(writes));
    }

    @Override
    public void endSeeding(String generation) {
        settings(
                generation,
                Reply.JSON
                        .createObjectNode()
                        .put("index.refresh_interval", config.refreshInterval())
                        .put("index.number_of_replicas", config.numberOfReplicas()));
        Cluster.joined(refresh(generation));
    }

    @Override
    public CompletableFuture<Void> refresh(String generation) {
        return cluster.send(Call.post("/" + Call.part(generation) + "/_refresh"))
                .thenAccept(reply -> {
                    check(reply, "the refresh of '" + generation + "'");
                    var failed = reply.json().at("/_shards/failed").asInt(1);
                    if (failed > 0) {
                        throw new SinkException(
                                Kind.UNAVAILABLE,
                                cluster.shown() + " could not refresh " + failed + " shards of '" + generation + "'");
                    }
                });
    }

    @Override
    public void serve(String generation) {
        new AliasSwap(cluster, names).to(generation);
    }

    @Override
    public boolean isServing() {
        var reply = AliasHolders.of(cluster, names.plain());
        if (reply.status() == 404) {
            return false;
        }
        check(reply, "a look at the alias '" + names.plain() + "'");
        return true;
    }

    @Override
    public void drop(String generation) {
        if (names.parts(generation).isEmpty()) {
            throw new IllegalArgumentException("'" + generation + "' is no generation of '" + names.plain() + "'");
        }
        var reply = cluster.ask(facts(Call.part(generation)));
        check(reply, "a look at '" + generation + "'");
        var facts = reply.json().path(generation);
        if (!facts.isMissingNode()) {
            if (!isOurs(generation, facts)) {
                throw new SinkException(
                        Kind.REFUSED,
                        cluster.shown() + " has an index '" + generation + "' that is not ours to delete");
            }
            var deleted =
                    cluster.ask(Call.delete("/" + Call.part(generation)).with("timeout", cluster.serverTimeout()));
            if (!Refusal.isMissingIndex(deleted.errorType())) {
                check(deleted, "the deletion of '" + generation + "'");
            }
        }
        memories.forget(generation);
        lastSeen.remove(generation);
    }

    @Override
    public void remember(String generation, SinkMemory acknowledged, SinkMemory memory) {
        var known = lastSeen.get(generation);
        if (known == null) {
            known = generations(Map.of(generation, factsOf(generation))).get(0);
        }
        memories.remember(known, acknowledged, memory);
    }

    private void check(Reply reply, String what) {
        if (!reply.isSuccess()) {
            throw Refusal.of(cluster.shown(), what, reply);
        }
    }
}
