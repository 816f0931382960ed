package dev.flusso.opensearch;

/**
 * Which indexes an alias leads to. Whoever may see only his own names is refused a look at all of them; he is shown those that begin with
 * the alias, which flusso's do.
 */
final class AliasHolders {

    private AliasHolders() {}

    /** By index; 404 when there are none. */
    static Reply of(Cluster cluster, String alias) {
        var name = Call.part(alias);
        var all = cluster.ask(Call.get("/_alias/" + name).with("expand_wildcards", "all"));
        return all.status() != 403
                ? all
                : cluster.ask(Call.get("/" + name + "*/_alias/" + name).with("expand_wildcards", "all"));
    }
}
