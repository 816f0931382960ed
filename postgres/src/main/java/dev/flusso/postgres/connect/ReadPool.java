package dev.flusso.postgres.connect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.flusso.postgres.PostgresAddress;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A bounded pool of sessions that read. Every session has the same settings, so a value has one text whatever the server, the database
 * or the role is set to; it is read-only, and a row-level policy is an error there and never a missing row. Any thread.
 */
public final class ReadPool implements Closeable {

    /**
     * The schemas of extensions are on the search path because operators are found by it: without, a {@code citext} from a schema of
     * its own would be compared as {@code text}.
     */
    private static final String SESSION = """
            SET row_security = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; \
            SET extra_float_digits = 1; SET bytea_output = 'hex'; SET xmlbinary = 'base64'; SET standard_conforming_strings = on; \
            SET jit = off; SET default_transaction_read_only = on; SET default_transaction_isolation = 'read committed'; \
            SET statement_timeout = %d; SET lock_timeout = 0; \
            SELECT set_config('search_path', 'public' || coalesce((SELECT string_agg(', ' || quote_ident(n.nspname), '' \
            ORDER BY n.nspname) FROM pg_catalog.pg_namespace n WHERE n.nspname NOT IN ('pg_catalog', 'public') \
            AND EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extnamespace = n.oid)), ''), false)""";

    private final HikariDataSource pool;
    private final String address;

    private ReadPool(HikariDataSource pool, String address) {
        this.pool = pool;
        this.address = address;
    }

    /**
     * Makes the pool; connects only when asked for a connection.
     *
     * @param size how many sessions at most
     * @param statementDeadline after which the server ends a statement; the socket gives up five seconds later
     * @param borrowDeadline how long to wait for a free session
     */
    public static ReadPool open(
            PostgresAddress settings, int size, Duration statementDeadline, Duration borrowDeadline) {
        var config = new HikariConfig();
        config.setPoolName("flusso-read");
        config.setJdbcUrl(settings.jdbcUrl());
        var properties = settings.properties();
        properties.setProperty(
                "socketTimeout", Long.toString(statementDeadline.plusSeconds(5).toSeconds()));
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("preparedStatementCacheQueries", "512");
        properties.setProperty("preparedStatementCacheSizeMiB", "32");
        properties.setProperty("reWriteBatchedInserts", "false");
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(1, size));
        config.setConnectionTimeout(Math.max(250, borrowDeadline.toMillis()));
        config.setValidationTimeout(Math.max(250, Math.min(5_000, borrowDeadline.toMillis())));
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(SESSION.formatted(statementDeadline.toMillis()));
        return new ReadPool(new HikariDataSource(config), settings.toString());
    }

    /** A session in autocommit mode, given back by closing it. Waits for one, at most as long as the pool was told. */
    public Connection borrow() throws SQLException {
        return pool.getConnection();
    }

    /** Where the sessions lead, for messages. */
    public String address() {
        return address;
    }

    @Override
    public void close() {
        pool.close();
    }
}
