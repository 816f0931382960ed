package dev.flusso.postgres.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.expectation.ExpectedDocuments;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.worker.Answer;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.RowReader.IndexReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A database of a test's own, with a reader of it and a superuser's connection beside. */
final class Database implements AutoCloseable {

    static final long UNLIMITED = 32L << 20;

    private static final ObjectMapper EXACT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    final String name;
    final Connection connection;
    final ExpectedDocuments expected;
    final PostgresRowReader reader;

    private Database(String name, ReaderSettings settings) {
        this.name = name;
        var server = SharedServers.postgres();
        server.freshDatabase(name);
        connection = server.connect(name);
        reader = PostgresRowReader.open(settings(name), settings);
        expected = ExpectedDocuments.open(settings(name));
    }

    static Database fresh(String name, String... sql) {
        var database = new Database(name, ReaderSettings.of(4, 2));
        database.run(sql);
        return database;
    }

    static PostgresAddress settings(String database) {
        return PostgresAddress.of(DatabaseUrl.parse(SharedServers.postgres().url(database)), "flusso");
    }

    /** As another role, which must exist. */
    PostgresRowReader readerAs(String role) {
        var own = settings(name);
        return PostgresRowReader.open(
                new PostgresAddress(own.host(), own.port(), role, "secret", own.database(), own.settings()),
                ReaderSettings.of(2, 1));
    }

    void run(String... sql) {
        try (var statement = connection.createStatement()) {
            for (var each : sql) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", sql), e);
        }
    }

    @Nullable
    String one(String sql) {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    IndexReader open(DocumentSchema schema) {
        return reader.open("things", schema, UNLIMITED);
    }

    /** The JSON of one key, which the plain way to it must agree with. */
    String json(DocumentSchema schema, String... key) {
        var json = json(open(schema), key);
        var agreed = expected.of(schema, List.of(List.of(key)));
        assertThat(agreed).as("document %s", String.join(":", key)).hasSize(json.equals("-") ? 0 : 1);
        if (!agreed.isEmpty()) {
            assertThat(agreed.get(0).document().toString()).isEqualTo(exact(json));
        }
        return json;
    }

    /** The same JSON as every other of its meaning; numbers keep their digits. */
    static String exact(String json) {
        try {
            return EXACT.readTree(json).toString();
        } catch (IOException e) {
            throw new IllegalStateException(json, e);
        }
    }

    static String json(IndexReader index, String... key) {
        var answers = index.documents(List.of(Key.of(key))).answers();
        assertThat(answers).hasSize(1);
        return text(answers.get(0));
    }

    /** By {@code _id} asked for: the JSON, or {@code "-"} for none. */
    static Map<String, String> documents(IndexReader index, String... keys) {
        var found = new TreeMap<String, String>();
        for (var answer :
                index.documents(Arrays.stream(keys).map(Key::of).toList()).answers()) {
            found.put(answer.askedId(), text(answer));
        }
        return found;
    }

    static String text(Answer answer) {
        return answer.document() == null
                ? "-"
                : new String(Objects.requireNonNull(answer.document()).json(), StandardCharsets.UTF_8);
    }

    /** The document that must be there. */
    static Answer.Found found(Answer answer) {
        assertThat(answer.document()).isNotNull();
        return Objects.requireNonNull(answer.document());
    }

    /** All documents a scan of everything gives, by id. */
    static Map<String, String> scan(IndexReader index, KeyRange range) {
        var found = new LinkedHashMap<String, String>();
        index.scan(range, (stamp, answer) -> {
            assertThat(found.put(answer.askedId(), text(answer))).isNull();
        });
        return found;
    }

    static List<Key> keys(String... texts) {
        var keys = new ArrayList<Key>();
        for (var text : texts) {
            keys.add(Key.of(text));
        }
        return keys;
    }

    @Override
    public void close() {
        reader.close();
        expected.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keys of one whole number each. */
    static List<Key> ids(int from, int until) {
        return IntStream.range(from, until)
                .mapToObj(i -> Key.of(Integer.toString(i)))
                .toList();
    }
}
