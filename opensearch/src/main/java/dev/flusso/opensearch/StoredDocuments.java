package dev.flusso.opensearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the plain alias of one index holds. Changes nothing but what is searchable. Any thread; each call waits for its answers and
 * fails with a {@link SinkException}.
 */
public final class StoredDocuments {

    /** Reads numbers with all their digits, as the database wrote them. */
    private static final ObjectMapper EXACT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Ids alone are short; a page of them stays far below the longest answer. */
    private static final int PAGE = 1000;

    private static final String KEEP = "2m";

    private final Cluster cluster;
    private final String alias;

    StoredDocuments(Cluster cluster, String alias) {
        this.cluster = cluster;
        this.alias = alias;
    }

    /** The index behind the alias; empty when nothing is served. */
    public Optional<String> served() {
        var reply = AliasHolders.of(cluster, alias);
        if (reply.status() == 404) {
            return Optional.empty();
        }
        check(reply, "the index behind '" + alias + "'");
        var names = new ArrayList<String>();
        reply.json().fieldNames().forEachRemaining(names::add);
        return names.stream().findFirst();
    }

    /** Makes everything written so far searchable, and so part of {@link #ids}. */
    public void refresh(String index) {
        check(cluster.ask(Call.post("/" + Call.part(index) + "/_refresh")), "the refresh of '" + index + "'");
    }

    /** The documents of these ids as last written, searchable or not; those that are not there are left out. */
    public Map<String, JsonNode> get(String index, Collection<String> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var body = Reply.JSON.createObjectNode();
        var list = body.putArray("ids");
        ids.forEach(list::add);
        var reply = cluster.ask(Call.post("/" + Call.part(index) + "/_mget").json(body));
        check(reply, "a read of documents of '" + index + "'");
        var found = new HashMap<String, JsonNode>();
        for (var document : exact(reply).path("docs")) {
            if (document.has("error")) {
                throw new SinkException(
                        Kind.UNAVAILABLE,
                        cluster.shown() + " could not read document '"
                                + document.path("_id").asText() + "' of '" + index + "': "
                                + document.at("/error/reason").asText());
            }
            if (document.path("found").asBoolean()) {
                found.put(document.path("_id").asText(), document.path("_source"));
            }
        }
        return found;
    }

    /** Every searchable id, a page at a time, in no order. */
    public void ids(String index, Consumer<List<String>> page) {
        var body = Reply.JSON.createObjectNode().put("size", PAGE).put("_source", false);
        body.putArray("sort").add("_doc");
        var reply = cluster.ask(Call.post("/" + Call.part(index) + "/_search")
                .with("scroll", KEEP)
                .json(body));
        check(reply, "the ids of '" + index + "'");
        var scroll = reply.json().path("_scroll_id").asText();
        try {
            for (var ids = hits(reply); !ids.isEmpty(); ids = hits(reply)) {
                page.accept(ids);
                var next = Reply.JSON.createObjectNode().put("scroll", KEEP).put("scroll_id", scroll);
                reply = cluster.ask(Call.post("/_search/scroll").json(next));
                check(reply, "the ids of '" + index + "'");
                scroll = reply.json().path("_scroll_id").asText();
            }
        } finally {
            var done = Reply.JSON.createObjectNode().put("scroll_id", scroll);
            cluster.ask(Call.delete("/_search/scroll").json(done)); // else it goes by itself after KEEP
        }
    }

    /** Some searchable ids, chosen by chance. */
    public List<String> sample(String index, int count) {
        var body = Reply.JSON.createObjectNode().put("size", count).put("_source", false);
        body.withObject("/query/function_score").putObject("random_score");
        var reply = cluster.ask(Call.post("/" + Call.part(index) + "/_search").json(body));
        check(reply, "some ids of '" + index + "'");
        return hits(reply);
    }

    private List<String> hits(Reply reply) {
        var answer = reply.json();
        if (answer.path("timed_out").asBoolean() || answer.at("/_shards/failed").asInt() > 0) {
            throw new SinkException(
                    Kind.UNAVAILABLE, cluster.shown() + " could not search all shards of '" + alias + "'");
        }
        var ids = new ArrayList<String>();
        answer.at("/hits/hits").forEach(hit -> ids.add(hit.path("_id").asText()));
        return ids;
    }

    /** A document's text as it is compared. */
    public static JsonNode parse(byte[] json) {
        try {
            return EXACT.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("a document is no JSON: " + e.getMessage(), e);
        }
    }

    private static JsonNode exact(Reply reply) {
        try {
            return EXACT.readTree(reply.body());
        } catch (JsonProcessingException e) {
            throw new SinkException(Kind.UNAVAILABLE, "the answer is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private void check(Reply reply, String what) {
        if (!reply.isSuccess()) {
            throw Refusal.of(cluster.shown(), what, reply);
        }
    }
}
