package dev.flusso.bench.resolve;

import dev.flusso.bench.Closing;
import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import dev.flusso.bench.UsersData;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresIndexReader;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.schema.parse.ConfigFiles;
import dev.flusso.worker.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A batch's changes resolved by one query for each hop of the way, beside one query for each row. */
public final class ResolveContest implements Contest {

    private static final String DATABASE = "resolving";
    private static final String LIMIT = "one row at a time";
    private static final int STARTS = 2_000;
    private static final int PAGE = 100_000;

    private final Random random = new Random(1_848);
    private @Nullable PostgresServer server;
    private @Nullable PostgresRowReader rows;
    private @Nullable PostgresIndexReader reader;
    private @Nullable Connection connection;
    private List<ResolutionPath> paths = List.of();
    private int users;

    @Override
    public String name() {
        return "resolving";
    }

    @Override
    public void prepare(Settings settings) throws SQLException {
        users = settings.scaled(50_000, 2_000);
        var started = UsersData.server();
        server = started;
        UsersData.fill(started, DATABASE, users);
        var session = started.connect(DATABASE);
        connection = session;
        try (var statement = session.createStatement()) {
            statement.execute("CREATE TABLE products (id bigint PRIMARY KEY, name text NOT NULL)");
            statement.execute(
                    "INSERT INTO products SELECT i, 'product ' || i FROM generate_series(1, " + products() + ") i");
            statement.execute("UPDATE order_items SET product_id = id % " + products() + " + 1");
            statement.execute("CREATE INDEX ON order_items (product_id)");
            statement.execute("VACUUM ANALYZE");
        }
        var schema = ConfigFiles.loadSchema(settings.root().resolve("bench/data/deep.schema.yml"));
        paths = schema.paths();
        var address = PostgresAddress.of(DatabaseUrl.parse(started.url(DATABASE)), "flusso bench");
        var opened = PostgresRowReader.open(address, ReaderSettings.of(4, 2));
        rows = opened;
        reader = opened.open("users", schema, 32L << 20);
        round();
    }

    /** So many that each stands in two items. */
    private int products() {
        return users * UsersData.ORDERS_PER_USER;
    }

    @Override
    public List<Reading> round() throws SQLException {
        var items = starts(2 * users * UsersData.ORDERS_PER_USER / 2);
        var products = starts(products());
        double itemsOneByOne = itemsOneByOne(items);
        double itemsBySet = bySet("order_items", items);
        double productsOneByOne = productsOneByOne(products);
        double productsBySet = bySet("products", products);
        return List.of(
                Reading.beside("resolving one hop", "rows/s", LIMIT, itemsOneByOne, itemsBySet, Goal.ratioAtLeast(20)),
                Reading.beside(
                        "resolving two hops", "rows/s", LIMIT, productsOneByOne, productsBySet, Goal.ratioAtLeast(20)));
    }

    private List<Long> starts(int highest) {
        return random.longs(1, highest + 1L)
                .distinct()
                .limit(Math.min(STARTS, highest))
                .boxed()
                .toList();
    }

    /** The orders of changed items are in the change itself: one hop is left. */
    private double itemsOneByOne(List<Long> orders) throws SQLException {
        try (var query = session().prepareStatement("SELECT user_id FROM orders WHERE id = ?")) {
            long start = System.nanoTime();
            Set<Long> found = new HashSet<>();
            for (var order : orders) {
                found.addAll(all(query, order));
            }
            return perSecond(orders, start, found.size());
        }
    }

    private double productsOneByOne(List<Long> products) throws SQLException {
        try (var items = session().prepareStatement("SELECT DISTINCT order_id FROM order_items WHERE product_id = ?");
                var orders = session().prepareStatement("SELECT user_id FROM orders WHERE id = ?")) {
            long start = System.nanoTime();
            Set<Long> found = new HashSet<>();
            for (var product : products) {
                for (var order : all(items, product)) {
                    found.addAll(all(orders, order));
                }
            }
            return perSecond(products, start, found.size());
        }
    }

    private static List<Long> all(PreparedStatement query, long value) throws SQLException {
        query.setLong(1, value);
        try (var rows = query.executeQuery()) {
            var found = new ArrayList<Long>();
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
            return found;
        }
    }

    private double bySet(String table, List<Long> starts) {
        var opened = reader;
        if (opened == null) {
            throw new IllegalStateException("not prepared");
        }
        var path = paths.stream()
                .filter(candidate -> candidate.table().name().equals(table))
                .findFirst()
                .orElseThrow();
        var keys = starts.stream().map(id -> Key.of(Long.toString(id))).toList();
        opened.resolve(path, keys, null, PAGE);
        long start = System.nanoTime();
        var resolved = opened.resolve(path, keys, null, PAGE);
        return perSecond(starts, start, resolved.keys().size());
    }

    private static double perSecond(List<Long> starts, long startNanos, int found) {
        if (found == 0) {
            throw new IllegalStateException("nothing was found for " + starts.size() + " rows");
        }
        return starts.size() * 1e9 / (System.nanoTime() - startNanos);
    }

    private Connection session() {
        var open = connection;
        if (open == null) {
            throw new IllegalStateException("not prepared");
        }
        return open;
    }

    @Override
    public void close() {
        Closing.all(connection, rows, server);
    }
}
