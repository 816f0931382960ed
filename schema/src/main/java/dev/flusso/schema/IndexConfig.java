package dev.flusso.schema;

/**
 * {@code [[index]]} with its schema.
 *
 * @param name the index' name in the config, without prefix
 * @param onError what applies to it: its own or the inherited one
 */
public record IndexConfig(String name, boolean enabled, OnError onError, DocumentSchema schema, Place place) {

    public IndexConfig {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an index needs a name");
        }
    }
}
