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
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hidden index {@code flusso_meta}. A document of ours has a generation's name as its id:
 *
 * <pre>
 * {"position":"3-0000000200000017","highest_version":281474976710661,"number":42,"index_uuid":"…","history_uuid":"…","state":"live"}
 * </pre>
 *
 * <p>The Rust program's documents there ({@code {"active_generation":2,"seeded":true}} under the hash alias' name) are not touched, nor is a
 * mapping of theirs but for the fields added. Any thread.
 */
final class Memories {

    private static final Logger LOG = LoggerFactory.getLogger(Memories.class);

    private final Cluster cluster;
    private final String index;

    /** What we wrote last, by generation. */
    private final Map<String, Written> written = new ConcurrentHashMap<>();

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
                    source.path("number").asLong(0),
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

    /** Replaces what is remembered, unless that is older than what was acknowledged; nothing comes in between. */
    void remember(SinkGeneration generation, SinkMemory acknowledged, SinkMemory memory) {
        var name = generation.name();
        var last = written.remove(name);
        var isKnown = last != null && !last.memory.isOlderThan(acknowledged);
        var reply = put(generation, memory, last != null && isKnown ? last.place : find(name, acknowledged));
        if (isKnown && isConflict(reply)) {
            // an answer was lost, the primary is another one, or the cluster was put back to an older day
            reply = put(generation, memory, find(name, acknowledged));
        }
        if (isConflict(reply)) {
            throw new SinkException(
                    Kind.UNAVAILABLE,
                    cluster.shown() + ": somebody else writes what '" + index + "' remembers of '" + name + "'");
        }
        check(reply, "the memory of '" + name + "' in '" + index + "'");
        written.put(name, new Written(memory, Place.of(reply.json())));
    }

    private static boolean isConflict(Reply reply) {
        return reply.status() == 409 && reply.errorType().equals("version_conflict_engine_exception");
    }

    /** Where the memory of a generation stands now. */
    private Place find(String generation, SinkMemory acknowledged) {
        var reply = cluster.ask(Call.get(document(index, generation)));
        if (reply.status() != 404) {
            check(reply, "a look at the memory of '" + generation + "' in '" + index + "'");
        }
        var found = memory(generation, reply.json().path("_source")).orElse(SinkMemory.NONE);
        if (found.isOlderThan(acknowledged)) {
            throw new SinkException(
                    Kind.OLDER,
                    cluster.shown() + " has forgotten what it acknowledged of '" + generation + "': it remembers "
                            + found.position() + " of version " + found.highestVersion() + ", expected "
                            + acknowledged.position() + " of version " + acknowledged.highestVersion());
        }
        return reply.status() == 404 ? Place.NONE : Place.of(reply.json());
    }

    private Reply put(SinkGeneration generation, SinkMemory memory, Place place) {
        var body = Reply.JSON
                .createObjectNode()
                .put("position", memory.position().toString())
                .put("highest_version", memory.highestVersion())
                .put("number", memory.number())
                .put("index_uuid", generation.uuid())
                .put("history_uuid", generation.history())
                .put("state", memory.state());
        var call = place.only(Call.put(document(Names.writeAlias(index), generation.name())))
                .with("require_alias", "true")
                .with("timeout", cluster.serverTimeout())
                .json(body);
        var reply = cluster.ask(call);
        if (Refusal.isMissingIndex(reply.errorType()) || reply.errorType().startsWith("strict_dynamic_")) {
            prepare();
            reply = cluster.ask(call);
        }
        return reply;
    }

    /** What was written, and where it stands since. */
    private record Written(SinkMemory memory, Place place) {}

    /**
     * Where a document stands in its shard; it is another place after each write.
     *
     * @param sequence its {@code _seq_no}; less than none when it is not there
     * @param term its {@code _primary_term}
     */
    private record Place(long sequence, long term) {

        static final Place NONE = new Place(-1, -1);

        static Place of(JsonNode answer) {
            return new Place(
                    answer.path("_seq_no").asLong(-1),
                    answer.path("_primary_term").asLong(-1));
        }

        /** The same request, refused when the document does not stand here any more. */
        Call only(Call put) {
            return sequence < 0
                    ? put.with("op_type", "create")
                    : put.with("if_seq_no", Long.toString(sequence)).with("if_primary_term", Long.toString(term));
        }
    }

    void forget(String generation) {
        written.remove(generation);
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
        fields.putObject("number").put("type", "long");

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
