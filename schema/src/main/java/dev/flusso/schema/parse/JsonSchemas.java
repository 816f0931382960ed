package dev.flusso.schema.parse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schemas of both files, for editors. */
public final class JsonSchemas {

    private JsonSchemas() {}

    /** Of {@code flusso.toml}. */
    public static String config() {
        return text("config.schema.json");
    }

    /** Of {@code *.schema.yml}. */
    public static String index() {
        return text("index.schema.json");
    }

    private static String text(String name) {
        try (var stream = JsonSchemas.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the program was built without " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
