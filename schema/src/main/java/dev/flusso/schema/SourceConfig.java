package dev.flusso.schema;

import java.time.Duration;

/**
 * {@code [source]}.
 *
 * @param heartbeatInterval zero turns the heartbeat off
 */
public record SourceConfig(
        Connection connection,
        boolean managePublication,
        ReplicaIdentity replicaIdentity,
        Publish publish,
        OnGap onGap,
        Duration heartbeatInterval,
        Place place) {

    /** How the database is reached. */
    public sealed interface Connection {
        /** A {@code postgres://} URL, or nothing: then {@code DATABASE_URL} decides. */
        record Url(Setting url) implements Connection {}

        /** A table of parts. */
        record Parts(String host, int port, String user, Setting password, String database) implements Connection {}
    }

    /** {@code source.replica_identity}. */
    public enum ReplicaIdentity {
        MANAGE,
        REQUIRE,
        WARN
    }

    /** {@code source.publish}. */
    public enum Publish {
        ROWS,
        KEYS
    }

    /** {@code source.on_gap}. */
    public enum OnGap {
        HEAL,
        STOP
    }
}
