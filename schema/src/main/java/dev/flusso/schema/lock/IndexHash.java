package dev.flusso.schema.lock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.mapping.IndexBody;
import dev.flusso.schema.parse.CompiledForm;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The hash in an index' name: the first 8 hex digits of the SHA-256 over the schema in canonical form, the sink's options that decide
 * what the index looks like, and the version of our analysis. Comments, the order of keys and fields, and what can be changed in place
 * are not part of it.
 */
public final class IndexHash {

    private static final int DIGITS = 8;

    private IndexHash() {}

    public static String of(DocumentSchema schema, SinkConfig sink) {
        return of(schema, IndexShape.of(sink));
    }

    public static String of(DocumentSchema schema, IndexShape shape) {
        var form = JsonNodeFactory.instance.objectNode();
        form.put("analysis_version", IndexBody.ANALYSIS_VERSION);
        form.put("auto_subfields", shape.autoSubfields());
        form.put("number_of_shards", shape.numberOfShards());
        form.set("schema", CompiledForm.canonical(schema));
        form.put("text_analysis", shape.textAnalysis().name().toLowerCase(Locale.ROOT));
        return Envelope.sha256(form.toString().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
