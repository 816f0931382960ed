package dev.flusso.schema.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.SinkConfig;

/** What {@code PUT /<index>} is sent: settings, analysis and mapping. */
public final class IndexBody {

    /**
     * Raised, once for a release, when {@link Analysis} or the mapping of a type has changed since the release before so that what is
     * indexed differs; part of the index hash, so raising it builds every index anew. 1 is what the first release will do: whatever
     * changed before it stands in no index that is to be kept.
     */
    public static final int ANALYSIS_VERSION = 1;

    /** OpenSearch's own default for each limit: ours is never lower. */
    private static final int DEFAULT_FIELDS = 1000;

    private static final int DEFAULT_NESTED = 50;
    private static final int DEFAULT_DEPTH = 20;

    /** Room for the fields that json and maps bring along. */
    private static final int DYNAMIC_FIELDS = 1000;

    private final ObjectNode body;

    private IndexBody(ObjectNode body) {
        this.body = body;
    }

    public static IndexBody of(DocumentSchema schema, SinkConfig.OpenSearch sink) {
        var properties = new Properties(sink.autoSubfields());
        var mappings = JsonNodeFactory.instance.objectNode().put("dynamic", "strict");
        var fields = properties.of(schema.fields(), "");
        if (properties.isDynamic()) {
            // else the first string that looks like a date makes every other one a rejected document
            mappings.put("date_detection", false);
        }
        if (!properties.templates().isEmpty()) {
            mappings.set("dynamic_templates", properties.templates());
        }
        mappings.set("properties", fields);

        var body = JsonNodeFactory.instance.objectNode();
        var settings = body.putObject("settings");
        var index = settings.putObject("index")
                .put("number_of_shards", sink.numberOfShards())
                .put("number_of_replicas", sink.numberOfReplicas())
                .put("refresh_interval", "-1")
                .put("gc_deletes", "1h");
        limits(index.putObject("mapping"), fields, properties.isDynamic(), sink.maxNested());
        settings.set("analysis", Analysis.of(sink.textAnalysis(), properties.orders()));
        body.set("mappings", mappings);
        return new IndexBody(body);
    }

    private static void limits(ObjectNode limits, ObjectNode properties, boolean dynamic, int maxNested) {
        int room = dynamic ? DYNAMIC_FIELDS : 0;
        limits.putObject("total_fields").put("limit", Math.max(DEFAULT_FIELDS, count(properties, false) + room));
        limits.putObject("nested_fields").put("limit", Math.max(DEFAULT_NESTED, count(properties, true)));
        limits.putObject("nested_objects").put("limit", maxNested);
        limits.putObject("depth")
                .put("limit", Math.max(DEFAULT_DEPTH, depth(properties) + (dynamic ? DEFAULT_DEPTH : 0)));
    }

    private static int count(JsonNode properties, boolean nestedOnly) {
        int count = 0;
        for (var property : properties) {
            boolean nested = property.path("type").asText().equals("nested");
            count += nestedOnly && !nested ? 0 : 1;
            count += count(property.path("properties"), nestedOnly) + count(property.path("fields"), nestedOnly);
        }
        return count;
    }

    private static int depth(JsonNode properties) {
        int deepest = 0;
        for (var property : properties) {
            deepest = Math.max(deepest, 1 + depth(property.path("properties")));
        }
        return deepest;
    }

    /** The whole body; a copy, free to change. */
    public ObjectNode json() {
        return body.deepCopy();
    }

    /** The {@code mappings} alone; a copy, free to change. */
    public ObjectNode mappings() {
        return body.withObject("/mappings").deepCopy();
    }

    /** The whole body as text on one line; the same schema and options always give the same bytes. */
    @Override
    public String toString() {
        return body.toString();
    }
}
