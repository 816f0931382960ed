package dev.flusso.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small config with its schema, as somebody writes it on the first day. */
final class FirstFiles {
    private FirstFiles() {}

    static void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("flusso.toml"), """
                [source]
                type = "postgres"
                connection_url = { env = "DATABASE_URL" }

                [sinks.primary]
                type = "opensearch"
                url = "http://localhost:9200"
                password = { env = "OS_PASSWORD" }

                [[index]]
                name = "users"
                schema = "users.schema.yml"
                """);
        Files.writeString(folder.resolve("users.schema.yml"), """
                table: users
                primary_key: id
                fields:
                  - long: id
                  - keyword: email
                """);
    }

    /** Replaces text in one of them. */
    static void edit(Path file, String old, String replacement) throws IOException {
        var text = Files.readString(file);
        if (!text.contains(old)) {
            throw new AssertionError("'" + old + "' is not in " + file);
        }
        Files.writeString(file, text.replace(old, replacement));
    }
}
