package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import java.util.List;

/** Moves the plain and the hash alias to a generation by one request, away from whatever holds them. */
final class AliasSwap {

    /** How often somebody may move or delete a holder between our look and our request. */
    private static final int ATTEMPTS = 5;

    private final Cluster cluster;
    private final Names names;

    AliasSwap(Cluster cluster, Names names) {
        this.cluster = cluster;
        this.names = names;
    }

    void to(String generation) {
        var aliases = List.of(names.plain(), names.hashAlias(generation));
        var reply = attempt(generation, aliases);
        for (var more = 1; more < ATTEMPTS && reply.status() == 404 && exists(generation); more++) {
            reply = attempt(generation, aliases);
        }
        if (!reply.isSuccess()) {
            throw failure(generation, aliases, reply);
        }
        if (!reply.json().path("acknowledged").asBoolean()) {
            throw new SinkException(
                    Kind.UNAVAILABLE, cluster.shown() + " did not confirm the aliases " + aliases + " in time");
        }
    }

    private Reply attempt(String generation, List<String> aliases) {
        var body = Reply.JSON.createObjectNode();
        var actions = body.putArray("actions");
        for (var alias : aliases) {
            removeFromOthers(actions, generation, alias);
            actions.addObject().putObject("add").put("index", generation).put("alias", alias);
        }
        return cluster.ask(
                Call.post("/_aliases").with("timeout", cluster.serverTimeout()).json(body));
    }

    private void removeFromOthers(ArrayNode actions, String generation, String alias) {
        var reply = AliasHolders.of(cluster, alias);
        if (reply.status() == 404) {
            return;
        }
        if (!reply.isSuccess()) {
            throw Refusal.of(cluster.shown(), "a look at the alias '" + alias + "'", reply);
        }
        for (var holder : reply.json().properties()) {
            if (!holder.getKey().equals(generation)) {
                actions.addObject()
                        .putObject("remove")
                        .put("index", holder.getKey())
                        .put("alias", alias);
            }
        }
    }

    private boolean exists(String generation) {
        return cluster.ask(Call.head("/" + Call.part(generation))).status() != 404;
    }

    private SinkException failure(String generation, List<String> aliases, Reply reply) {
        if (reply.errorType().equals("invalid_alias_name_exception")) {
            var reason = ErrorReason.ofRequest(reply.json().path("error"));
            var taken = aliases.stream()
                    .filter(alias -> reason.contains("[" + alias + "]"))
                    .findFirst()
                    .orElse(names.plain());
            return new SinkException(
                    Kind.REFUSED,
                    cluster.shown() + " has an index '" + taken + "' where the alias of that name is to point to '"
                            + generation + "'; delete or rename that index, or choose another prefix");
        }
        return Refusal.of(cluster.shown(), "moving the aliases " + aliases + " to '" + generation + "'", reply);
    }
}
