package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.opensearch.ClusterReport.Finding;
import dev.flusso.opensearch.ClusterReport.Severity;
import dev.flusso.schema.SinkConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NStringEntity;

/**
 * Looks whether a cluster will do for a sink: version, nodes, limits, what the config names, and our rights. It changes nothing: rights
 * are tried by requests about an index that is not there, or that could never be made.
 */
final class ClusterCheck {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*");

    private final Cluster cluster;
    private final SinkConfig.OpenSearch config;
    private final String prefix;
    private final List<Finding> findings = new ArrayList<>();

    ClusterCheck(Cluster cluster, SinkConfig.OpenSearch config, String prefix) {
        this.cluster = cluster;
        this.config = config;
        this.prefix = prefix;
    }

    /** @param indexes plain names, and a generation of each that does not exist */
    ClusterReport of(Map<Names, String> indexes) {
        var root = answered(Call.get("/"));
        if (root.status() == 401) {
            findings.add(new Finding(
                    Severity.ERROR,
                    cluster.shown() + " does not accept the credentials",
                    "check username and password, or api_key"));
            return new ClusterReport("", "", findings);
        }
        var version = root.json().path("version");
        version(version);
        nodes();
        cluster();
        pipeline();
        indexes.keySet().forEach(this::names);
        rights(prefix + "flusso_meta_absent");
        indexes.values().forEach(this::rights);
        return new ClusterReport(
                version.path("distribution").asText(""), version.path("number").asText(""), findings);
    }

    /** Any answer of the cluster's; only its absence ends the check. */
    private Reply answered(Call call) {
        var reply = cluster.ask(call);
        if (reply.status() >= 500 || reply.status() == 429) {
            throw Refusal.of(cluster.shown(), call.method() + " " + call.path(), reply);
        }
        return reply;
    }

    private void version(JsonNode version) {
        var number = version.path("number").asText("");
        var matcher = VERSION.matcher(number);
        var distribution = version.path("distribution").asText("elasticsearch");
        if (!matcher.matches()) {
            error(
                    cluster.shown() + " does not say its version",
                    "make sure that OpenSearch answers at this URL, and that we may see cluster:monitor/main");
        } else if (!distribution.equals("opensearch")) {
            error(
                    cluster.shown() + " is " + distribution + " " + number + ", expected OpenSearch 2.19 or 3.x",
                    "use an OpenSearch cluster");
        } else {
            var major = Integer.parseInt(matcher.group(1));
            if (major < 2 || (major == 2 && Integer.parseInt(matcher.group(2)) < 19) || major > 3) {
                warning(
                        cluster.shown() + " is OpenSearch " + number + "; flusso is tested with 2.19 and 3.x",
                        "use one of those, or test yours before you rely on it");
            }
        }
    }

    private void nodes() {
        var reply = answered(Call.get("/_nodes/http,plugins")
                .with("filter_path", "nodes.*.name,nodes.*.http.max_content_length_in_bytes,nodes.*.plugins.name"));
        if (!reply.isSuccess()) {
            return; // without the right to look we learn of limits when we meet them
        }
        var limit = Long.MAX_VALUE;
        var withoutIcu = new TreeSet<String>();
        for (var node : reply.json().path("nodes")) {
            limit = Math.min(limit, node.at("/http/max_content_length_in_bytes").asLong(Long.MAX_VALUE));
            if (node.path("plugins").findValuesAsText("name").stream().noneMatch("analysis-icu"::equals)) {
                withoutIcu.add(node.path("name").asText());
            }
        }
        if (limit < config.maxBytes()) {
            warning(
                    "max_bytes is " + config.maxBytes() + ", and " + cluster.shown() + " takes requests of at most "
                            + limit + " bytes: larger ones are sent in vain, then split",
                    "set max_bytes to " + limit + " or less, or raise http.max_content_length");
        }
        if (limit < config.maxDocumentBytes()) {
            warning(
                    "max_document_bytes is " + config.maxDocumentBytes() + ", and " + cluster.shown()
                            + " takes requests of at most " + limit + " bytes: documents between them are rejected",
                    "lower max_document_bytes, or raise http.max_content_length");
        }
        if (config.textAnalysis() == SinkConfig.TextAnalysis.ICU && !withoutIcu.isEmpty()) {
            error(
                    "text_analysis is 'icu', and these nodes of " + cluster.shown() + " lack the plugin analysis-icu: "
                            + withoutIcu,
                    "install analysis-icu on every node, or set text_analysis = \"builtin\"");
        }
    }

    private void cluster() {
        var health = answered(Call.get("/_cluster/health"));
        if (health.isSuccess()) {
            var nodes = health.json().path("number_of_data_nodes").asInt(Integer.MAX_VALUE);
            if (nodes <= config.numberOfReplicas()) {
                warning(
                        "number_of_replicas is " + config.numberOfReplicas() + ", and " + cluster.shown() + " has "
                                + nodes + " data nodes: the indexes stay yellow",
                        "set number_of_replicas to " + (nodes - 1) + " or add nodes");
            }
            if (health.json().path("status").asText("").equals("red")) {
                warning(cluster.shown() + " is red: some shards are not there", "look at _cluster/allocation/explain");
            }
        }
        var settings = answered(
                Call.get("/_cluster/settings").with("flat_settings", "true").with("filter_path", "*.cluster.blocks.*"));
        for (var scope : settings.json()) {
            scope.properties().forEach(block -> {
                if (block.getValue().asBoolean()) {
                    error(cluster.shown() + " has " + block.getKey() + " set", "remove that setting");
                }
            });
        }
    }

    private void pipeline() {
        if (config.pipeline().isEmpty()) {
            return;
        }
        if (answered(Call.get("/_ingest/pipeline/" + Call.part(config.pipeline())))
                        .status()
                == 404) {
            error(
                    cluster.shown() + " has no ingest pipeline '" + config.pipeline() + "'",
                    "create it, or correct the key 'pipeline'");
        }
    }

    private void names(Names names) {
        var taken = answered(Call.get("/" + Call.part(names.plain())).with("filter_path", "*.settings.index.uuid"));
        if (taken.isSuccess() && taken.json().has(names.plain())) {
            error(
                    cluster.shown() + " has an index '" + names.plain() + "' where the alias of that name is to be",
                    "delete or rename that index, or choose another prefix");
        }
        var blocks = answered(Call.get("/" + Call.part(names.plain()) + "_*/_settings/index.blocks.*")
                .with("flat_settings", "true")
                .with("expand_wildcards", "all"));
        if (!blocks.isSuccess()) {
            return;
        }
        for (var index : blocks.json().properties()) {
            if (names.parts(index.getKey()).isPresent()) {
                index.getValue().path("settings").properties().forEach(block -> {
                    if (block.getValue().asBoolean()) {
                        error(
                                "index '" + index.getKey() + "' of " + cluster.shown() + " has " + block.getKey()
                                        + " set",
                                "free disk space where that is the cause, then remove the setting");
                    }
                });
            }
        }
    }

    /** Tries what a lane does on an index that is not there; where we may, that is a 400 or 404. */
    private void rights(String absent) {
        var index = "/" + Call.part(absent);
        var impossible = Reply.JSON.createObjectNode();
        impossible.putObject("settings").put("index.number_of_shards", 0);
        var aliases = Reply.JSON.createObjectNode();
        aliases.putArray("actions")
                .addObject()
                .putObject("remove")
                .put("index", absent)
                .put("alias", absent + "_write");
        var empty = Reply.JSON.createObjectNode();

        var tries = new LinkedHashMap<String, Call>();
        tries.put("create indexes", Call.put(index).json(impossible));
        tries.put(
                "send bulk requests",
                Call.post(index + "/_bulk").with("require_alias", "true").body(bulk()));
        tries.put("write documents", Call.delete(index + "/_doc/1")); // a bulk's rights are asked for after its index
        tries.put("refresh", Call.post(index + "/_refresh"));
        tries.put("change settings", Call.put(index + "/_settings").json(empty.put("index.number_of_replicas", 1)));
        tries.put("move aliases", Call.post("/_aliases").json(aliases));
        tries.put("read indexes", Call.get(index));
        tries.put("read statistics", Call.get(index + "/_stats/docs"));
        tries.put("delete indexes", Call.delete(index));
        var lacking = new ArrayList<String>();
        tries.forEach((right, call) -> {
            if (isForbidden(answered(call))) {
                lacking.add(right);
            }
        });
        if (!lacking.isEmpty()) {
            error(
                    "on indexes like '" + absent + "' of " + cluster.shown() + " we may not: "
                            + String.join(", ", lacking),
                    "give the role indices:admin/*, indices:data/* and indices:monitor/* on '" + prefix + "*'");
        }
    }

    private static NStringEntity bulk() {
        return new NStringEntity("{\"index\":{\"_id\":\"1\"}}\n{}\n", ContentType.create("application/x-ndjson"));
    }

    private static boolean isForbidden(Reply reply) {
        if (reply.status() == 401 || reply.status() == 403) {
            return !Refusal.isBlock(reply.errorType());
        }
        return reply.json().at("/items/0/index/status").asInt() == 403;
    }

    private void error(String what, String fix) {
        findings.add(new Finding(Severity.ERROR, what, fix));
    }

    private void warning(String what, String fix) {
        findings.add(new Finding(Severity.WARNING, what, fix));
    }
}
