package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.SharedServers;
import dev.flusso.opensearch.OpenSearchSink;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.schema.parse.ConfigFiles;
import dev.flusso.worker.Answer;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkIndex;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Both edges without what lies between: rows become documents by the worker's statement and go through the real sink. */
final class DocumentBed implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final Path folder;
    private final Connection connection;
    private final PostgresRowReader rows;
    private final OpenSearchSink sink;
    private String generation = "";

    DocumentBed(String name, Path folder) throws IOException {
        this.name = name;
        this.folder = folder;
        var server = SharedServers.postgres();
        server.freshDatabase(name);
        this.connection = server.connect(name);
        this.rows = PostgresRowReader.open(
                PostgresAddress.of(DatabaseUrl.parse(server.url(name)), "flusso"), ReaderSettings.of(2, 1));
        var search = SharedServers.search().url();
        Files.writeString(folder.resolve("flusso.toml"), """
                [source]
                type = "postgres"
                [sinks.primary]
                type = "opensearch"
                url = "%s"
                number_of_replicas = 0
                """.formatted(search));
        var config = (SinkConfig.OpenSearch)
                ConfigFiles.load(folder.resolve("flusso.toml")).sinks().get(0);
        this.sink = OpenSearchSink.open(config, new ClusterAccess(search, null, null, null, null, true), name + "_");
    }

    void sql(String... statements) throws SQLException {
        FirstDay.sql(connection, statements);
    }

    /** The index {@code name} over a table with primary key {@code id}; fields in YAML, each line of them with two blanks before it. */
    IndexConfig index(String index, String table, String fields) throws IOException {
        var file = folder.resolve(index + ".schema.yml");
        Files.writeString(file, "table: " + table + "\nprimary_key: id\nfields:\n" + fields);
        Files.writeString(folder.resolve(index + ".toml"), """
                [source]
                type = "postgres"
                [[index]]
                name = "%s"
                schema = "%s.schema.yml"
                """.formatted(index, index));
        return ConfigFiles.load(folder.resolve(index + ".toml")).indexes().get(0);
    }

    List<Answer> built(IndexConfig index, List<Key> keys) {
        return rows.open(index.name(), index.schema(), sink.maxDocumentBytes())
                .documents(keys)
                .answers();
    }

    /** What the sink says of each document of these keys, in their order; one that is refused before is not sent. */
    List<Outcome> written(IndexConfig index, List<Key> keys) {
        SinkIndex target = sink.index(index);
        generation = target.create(1).name();
        var outcomes = new ArrayList<Outcome>();
        for (var key : keys) {
            var found = built(index, List.of(key)).get(0).document();
            assertThat(found).as("document %s", key).isNotNull();
            if (found != null && found.refused() != null) {
                outcomes.add(found.refused());
            } else if (found != null) {
                var write = new DocumentWrite.Upsert(found.id(), 1, found.json());
                outcomes.add(target.write(generation, List.of(write)).join().get(0));
            }
        }
        target.refresh(generation).join();
        return outcomes;
    }

    /** The text of a document as OpenSearch keeps it. */
    String source(String id) throws IOException {
        return http("GET", "/" + generation + "/_source/" + id, "");
    }

    /** An answer of OpenSearch about the index written last. */
    String search(String body) throws IOException {
        return http("POST", "/" + generation + "/_search", body);
    }

    private static String http(String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(SharedServers.search().url() + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = send(request);
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as("%s %s: %s", method, path, text).isLessThan(300);
        return text;
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        sink.close();
        rows.close();
        connection.close();
        http("DELETE", "/" + name + "_*?expand_wildcards=all", "");
    }
}
