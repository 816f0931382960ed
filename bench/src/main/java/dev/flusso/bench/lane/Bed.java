package dev.flusso.bench.lane;

import dev.flusso.bench.Settings;
import dev.flusso.bench.UsersData;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SearchServer;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresIndexReader;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.schema.connection.DatabaseUrl;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Both servers, filled, and a reader of our own. */
final class Bed implements AutoCloseable {

    final PostgresServer postgres;
    final String database;
    final SearchServer search;
    final Cluster cluster;
    final int users;
    private @Nullable PostgresRowReader rows;

    private Bed(PostgresServer postgres, String database, SearchServer search, int users) {
        this.postgres = postgres;
        this.database = database;
        this.search = search;
        this.cluster = new Cluster(search.url());
        this.users = users;
    }

    static Bed start(String database, int users) throws SQLException {
        var postgres = UsersData.server();
        try {
            UsersData.fill(postgres, database, users);
            var search = SearchServer.builder().steady().heapMegabytes(1024).start();
            return new Bed(postgres, database, search, users);
        } catch (SQLException | RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    PostgresIndexReader reader(Settings settings) {
        var address = PostgresAddress.of(DatabaseUrl.parse(postgres.url(database)), "flusso bench");
        var opened = PostgresRowReader.open(address, ReaderSettings.of(4, 2));
        rows = opened;
        return opened.open("users", UsersData.schema(settings), 32L << 20);
    }

    /** How many documents an index has taken, searchable or not. */
    long taken(String index) throws IOException {
        return cluster.get("/" + index + "/_stats/indexing?expand_wildcards=all")
                .path("_all")
                .path("primaries")
                .path("indexing")
                .path("index_total")
                .longValue();
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
        search.close();
        postgres.close();
    }
}
