package dev.flusso.schema.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Place;
import java.util.Optional;

/**
 * Config and schemas as one JSON tree. It has the keys of the files the user writes and is read by the same reader, so that there is one
 * set of rules; every default is written out, every name and table is complete, and {@code "@"} tells where things stood.
 */
public final class CompiledForm {

    private CompiledForm() {}

    /** The tree of a whole config with its schemas, in an order that depends on nothing but the config. */
    public static ObjectNode of(Config config) {
        return ConfigForm.of(config);
    }

    /** The tree of one schema, with places. */
    public static ObjectNode of(DocumentSchema schema) {
        return SchemaForm.withPlaces(schema);
    }

    /** The tree of one schema as far as it decides what documents are: without places, keys and fields by name. */
    public static ObjectNode canonical(DocumentSchema schema) {
        return SchemaForm.canonical(schema);
    }

    /**
     * The config of a tree.
     *
     * @param file where it was read from, for problems that have no place of their own
     * @throws ConfigException when it is none
     */
    public static Config config(JsonNode tree, String file) {
        var problems = new Problems();
        ConfigReader.Schemas embedded = (found, index) ->
                found instanceof Node.Mapping mapping ? SchemaReader.read(mapping, problems) : missing(index);
        var config = new ConfigReader(problems, embedded).read(JsonDocument.mapping(tree, Place.in(file)));
        problems.raise("");
        return config.orElseThrow();
    }

    private static Optional<DocumentSchema> missing(Table index) {
        index.missing("schema", "a compiled schema");
        return Optional.empty();
    }

    /**
     * The schema of a tree.
     *
     * @throws ConfigException when it is none
     */
    public static DocumentSchema schema(JsonNode tree, String file) {
        var problems = new Problems();
        var schema = SchemaReader.read(JsonDocument.mapping(tree, Place.in(file)), problems);
        problems.raise("");
        return schema.orElseThrow();
    }
}
