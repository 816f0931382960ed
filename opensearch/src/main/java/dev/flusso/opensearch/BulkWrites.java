package dev.flusso.opensearch;

import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends documents to one generation, through its write alias, and makes outcomes of the answers. Any thread. */
final class BulkWrites {

    private static final int TOO_LARGE = 413;

    /** OpenSearch's own limit; it refuses the whole request for one longer id. */
    private static final int LONGEST_ID_BYTES = 512;

    private final Cluster cluster;
    private final String pipeline;

    BulkWrites(Cluster cluster, String pipeline) {
        this.cluster = cluster;
        this.pipeline = pipeline;
    }

    CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes) {
        var refused = new HashMap<Integer, Outcome>();
        var sendable = new ArrayList<DocumentWrite>(writes.size());
        for (var i = 0; i < writes.size(); i++) {
            var fault = fault(writes.get(i));
            if (fault.isEmpty()) {
                sendable.add(writes.get(i));
            } else {
                refused.put(i, new Outcome.Rejected("cannot_be_sent", fault));
            }
        }
        if (refused.isEmpty()) {
            return send(generation, sendable);
        }
        return send(generation, sendable).thenApply(sent -> {
            var outcomes = new ArrayList<Outcome>(writes.size());
            var next = sent.iterator();
            for (var i = 0; i < writes.size(); i++) {
                var known = refused.get(i);
                outcomes.add(known == null ? next.next() : known);
            }
            return outcomes;
        });
    }

    /** Why OpenSearch would refuse the whole request for this document, or misread it; empty when it would not. */
    private static String fault(DocumentWrite write) {
        var id = write.id();
        if (id.isEmpty()) {
            return "OpenSearch has no documents with an empty _id";
        }
        if (id.length() * 3 > LONGEST_ID_BYTES && id.getBytes(StandardCharsets.UTF_8).length > LONGEST_ID_BYTES) {
            return "the _id is longer than " + LONGEST_ID_BYTES + " bytes";
        }
        return BulkBody.isOneLine(write) ? "" : "the document holds a line feed, expected one line of JSON";
    }

    private CompletableFuture<List<Outcome>> send(String generation, List<DocumentWrite> writes) {
        if (writes.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        var body = BulkBody.of(writes);
        var call = Call.post("/" + Call.part(Names.writeAlias(generation)) + "/_bulk")
                .with("require_alias", "true")
                .with("timeout", cluster.serverTimeout())
                .with("filter_path", BulkAnswer.FILTER)
                .body(body);
        return cluster.send(pipeline.isEmpty() ? call : call.with("pipeline", pipeline))
                .thenCompose(reply -> answered(generation, writes, body.hasGuard(), reply));
    }

    private CompletableFuture<List<Outcome>> answered(
            String generation, List<DocumentWrite> writes, boolean guarded, Reply reply) {
        if (reply.status() == TOO_LARGE) {
            return writes.size() == 1
                    ? CompletableFuture.completedFuture(List.of(tooLarge(writes.get(0))))
                    : halves(generation, writes);
        }
        try {
            if (!reply.isSuccess()) {
                throw Refusal.of(cluster.shown(), "a bulk request to '" + generation + "'", reply);
            }
            return CompletableFuture.completedFuture(
                    BulkAnswer.read(cluster.shown(), generation, reply.body(), writes, guarded));
        } catch (SinkException e) {
            return e.kind() == SinkException.Kind.INDEX_MISSING
                    ? missing(generation, e)
                    : CompletableFuture.failedFuture(e);
        }
    }

    private static Outcome tooLarge(DocumentWrite write) {
        return new Outcome.Rejected(
                "document_too_large",
                "about " + write.bytes() + " bytes, the cluster takes no request of that size;"
                        + " http.max_content_length there allows larger ones");
    }

    /** One half after the other, so that a request never becomes two at once. */
    private CompletableFuture<List<Outcome>> halves(String generation, List<DocumentWrite> writes) {
        var middle = writes.size() / 2;
        return send(generation, writes.subList(0, middle))
                .thenCompose(first -> send(generation, writes.subList(middle, writes.size()))
                        .thenApply(second -> {
                            var outcomes = new ArrayList<>(first);
                            outcomes.addAll(second);
                            return outcomes;
                        }));
    }

    /** The index may be there, and only its write alias gone (restored without aliases): then that is put back. */
    private CompletableFuture<List<Outcome>> missing(String generation, SinkException missing) {
        return cluster.send(Call.head("/" + Call.part(generation))).thenCompose(reply -> {
            if (reply.status() == 404) {
                return CompletableFuture.failedFuture(missing);
            }
            return cluster.send(writeAlias(generation))
                    .thenCompose(done -> CompletableFuture.failedFuture(
                            done.status() == 404
                                    ? missing
                                    : new SinkException(
                                            SinkException.Kind.UNAVAILABLE,
                                            cluster.shown() + " had lost the alias '" + Names.writeAlias(generation)
                                                    + "'; it was put back")));
        });
    }

    /** The request that gives a generation its write alias. */
    static Call writeAlias(String generation) {
        var alias = Reply.JSON.createObjectNode().put("is_hidden", true);
        return Call.put("/" + Call.part(generation) + "/_alias/" + Call.part(Names.writeAlias(generation)))
                .json(alias);
    }
}
