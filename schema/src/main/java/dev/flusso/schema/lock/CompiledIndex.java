package dev.flusso.schema.lock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Place;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.parse.CompiledForm;
import java.util.Locale;

/**
 * One index for one sink, as a lane file carries it: enough to keep a generation current when the config has long moved on.
 *
 * @param index its name in the config, without prefix
 * @param hash as it was when the generation was made: a later program may compute another one for the same schema
 */
public record CompiledIndex(String index, String hash, IndexShape shape, DocumentSchema schema) {

    private static final String WHAT = "compiled index";
    private static final String REMEDY = "the generation has to be built anew";

    public static CompiledIndex of(IndexConfig index, SinkConfig sink) {
        var shape = IndexShape.of(sink);
        return new CompiledIndex(index.name(), IndexHash.of(index.schema(), shape), shape, index.schema());
    }

    /**
     * The whole text; the same index always gives the same.
     *
     * @param program the version of this program
     */
    public String text(String program) {
        var form = JsonNodeFactory.instance.objectNode();
        form.put("index", index);
        form.put("hash", hash);
        form.putObject("shape")
                .put("kind", shape.kind())
                .put("text_analysis", shape.textAnalysis().name().toLowerCase(Locale.ROOT))
                .put("auto_subfields", shape.autoSubfields())
                .put("number_of_shards", shape.numberOfShards());
        form.set("schema", CompiledForm.of(schema));
        return new Envelope(program, form).text();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param file where it was found, for problems
     * @throws ConfigException when it is damaged or of another format
     */
    public static CompiledIndex parse(String text, String file) {
        var form = Envelope.parse(text, WHAT, file, REMEDY).body();
        var shape = form.path("shape");
        try {
            return new CompiledIndex(
                    form.required("index").asText(),
                    form.required("hash").asText(),
                    new IndexShape(
                            shape.required("kind").asText(),
                            SinkConfig.TextAnalysis.valueOf(
                                    shape.required("text_analysis").asText().toUpperCase(Locale.ROOT)),
                            shape.required("auto_subfields").asBoolean(),
                            shape.required("number_of_shards").asInt()),
                    CompiledForm.schema(form.required("schema"), file));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    Place.in(file), "the " + WHAT + " lacks a part: " + e.getMessage() + "; " + REMEDY);
        }
    }
}
