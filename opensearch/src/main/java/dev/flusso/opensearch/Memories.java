package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.journal.Position;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkMemory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hidden index {@code flusso_meta}. A document of ours has a generation's name as its id:
 *
 * <pre>
 * {"position":"3-0000000200000017","highest_version":281474976710661,"index_uuid":"…","history_uuid":"…","state":"live"}
 * </pre>
 *
 * <p>The Rust program's documents there ({@code {"active_generation":2,"seeded":true}} under the hash alias' name) are not touched, nor is a
 * mapping of theirs but for the fields added. Any thread.
 */
final class Memories {

    private static final Logger LOG = LoggerFactory.getLogger(Memories.class);

    private final Cluster cluster;
    private final String index;

    Memories(Cluster cluster, String prefix) {
        this.cluster = cluster;
        this.index = prefix + "flusso_meta";
    }

    /** What is remembered of these generations. */
    Map<String, SinkMemory> of(List<String> generations) {
        var found = new HashMap<String, SinkMemory>();
        if (generations.isEmpty()) {
            return found;
        }
        var body = Reply.JSON.createObjectNode();
        generations.forEach(body.putArray("ids")::add);
        var reply = cluster.ask(Call.post("/" + Call.part(index) + "/_mget").json(body));
        if (Refusal.isMissingIndex(reply.errorType())) {
            return found;
        }
        check(reply, "a look at '" + index + "'");
        for (var document : reply.json().path("docs")) {
            var error = document.path("error");
            if (!error.isMissingNode()
                    && !Refusal.isMissingIndex(error.path("type").asText(""))) {
                throw new SinkException(
                        Kind.UNAVAILABLE,
                        cluster.shown() + " cannot read '" + index + "': " + ErrorReason.ofRequest(error));
            }
            var id = document.path("_id").asText("");
            memory(id, document.path("_source")).ifPresent(memory -> found.put(id, memory));
        }
        return found;
    }

    private Optional<SinkMemory> memory(String id, JsonNode source) {
        if (!source.path("position").isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SinkMemory(
                    Position.parse(source.path("position").asText()),
                    source.path("highest_version").asLong(0),
                    source.path("state").asText("")));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "{} holds a document '{}' in '{}' that is not ours: {}",
                    cluster.shown(),
                    id,
                    index,
                    e.getMessage());
            return Optional.empty();
        }
    }

    void remember(SinkGeneration generation, SinkMemory memory) {
        var body = Reply.JSON
                .createObjectNode()
                .put("position", memory.position().toString())
                .put("highest_version", memory.highestVersion())
                .put("index_uuid", generation.uuid())
                .put("history_uuid", generation.history())
                .put("state", memory.state());
        var call = Call.put(document(Names.writeAlias(index), generation.name()))
                .with("require_alias", "true")
                .with("timeout", cluster.serverTimeout())
                .json(body);
        var reply = cluster.ask(call);
        if (Refusal.isMissingIndex(reply.errorType()) || reply.errorType().startsWith("strict_dynamic_")) {
            prepare();
            reply = cluster.ask(call);
        }
        check(reply, "the memory of '" + generation.name() + "' in '" + index + "'");
    }

    void forget(String generation) {
        // without a version, so it creates no index
        var reply = cluster.ask(Call.delete(document(index, generation)).with("timeout", cluster.serverTimeout()));
        if (reply.status() != 404) {
            check(reply, "forgetting '" + generation + "' in '" + index + "'");
        }
    }

    private static String document(String target, String generation) {
        return "/" + Call.part(target) + "/_doc/" + Call.part(generation);
    }

    /** Creates the index, or makes an older program's fit for ours. */
    private void prepare() {
        var fields = Reply.JSON.createObjectNode();
        for (var keyword : List.of("position", "index_uuid", "history_uuid", "state")) {
            fields.putObject(keyword).put("type", "keyword");
        }
        fields.putObject("highest_version").put("type", "long");

        var body = Reply.JSON.createObjectNode();
        body.putObject("settings")
                .put("index.hidden", true)
                .put("index.number_of_shards", 1)
                .put("index.auto_expand_replicas", "0-1");
        body.putObject("mappings").put("dynamic", "strict").set("properties", fields);
        body.putObject("aliases").putObject(Names.writeAlias(index)).put("is_hidden", true);
        var created = cluster.ask(Call.put("/" + Call.part(index))
                .with("timeout", cluster.serverTimeout())
                .json(body));
        if (!created.errorType().equals("resource_already_exists_exception")) {
            check(created, "the creation of '" + index + "'");
            return;
        }
        var mapping = Reply.JSON.createObjectNode();
        mapping.set("properties", fields);
        check(
                cluster.ask(Call.put("/" + Call.part(index) + "/_mapping").json(mapping)),
                "an extension of the mapping of '" + index + "'");
        check(cluster.ask(BulkWrites.writeAlias(index)), "an alias for '" + index + "'");
    }

    private void check(Reply reply, String what) {
        if (!reply.isSuccess()) {
            throw Refusal.of(cluster.shown(), what, reply);
        }
    }
}
