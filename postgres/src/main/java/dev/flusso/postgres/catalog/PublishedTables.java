package dev.flusso.postgres.catalog;

import dev.flusso.capture.Catalog;
import dev.flusso.capture.SourceTable;
import dev.flusso.journal.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which tables a publication sends. One thread. */
final class PublishedTables {

    private final Connection connection;
    private final int serverVersion;
    private final String publicationName;

    PublishedTables(Connection connection, int serverVersion, String publicationName) {
        this.connection = connection;
        this.serverVersion = serverVersion;
        this.publicationName = publicationName;
    }

    /** @param columns empty before Postgres 15: then there are no column lists */
    private record Sent(SortedSet<String> columns, boolean filtered) {}

    /**
     * @param sent the tables whose rows are sent, partitioned ones by their leaves
     * @param named the rows of pg_publication_rel by table, partitioned ones included; a partition without one has that of the nearest
     *     table above it
     * @param schemas the rows of pg_publication_namespace by schema
     * @param everything the publication's own oid when it is FOR ALL TABLES; else 0
     */
    record Published(Map<TableName, Sent> sent, Map<Integer, Long> named, Map<String, Long> schemas, long everything) {

        /** @param all the columns the stream can carry */
        SourceTable.Membership membership(
                int oid, TableName name, boolean partitioned, List<SourceTable.Leaf> leaves, SortedSet<String> all) {
            var reason = reason(oid, name);
            if (!partitioned) {
                var own = sent.get(name);
                return own == null
                        ? SourceTable.Membership.NONE
                        : new SourceTable.Membership(true, reason, listed(own, all), own.filtered());
            }
            var columns = new TreeSet<>(all);
            var filtered = false;
            var published = reason != 0;
            for (var leaf : leaves) {
                var own = sent.get(leaf.name());
                published &= own != null;
                if (own != null) {
                    columns.retainAll(listed(own, all));
                    filtered |= own.filtered();
                }
            }
            return published
                    ? new SourceTable.Membership(true, reason, columns, filtered)
                    : SourceTable.Membership.NONE;
        }

        private long reason(int oid, TableName name) {
            if (everything != 0) {
                return everything;
            }
            var own = named.get(oid);
            return own != null ? own : schemas.getOrDefault(name.schema(), 0L);
        }

        private static SortedSet<String> listed(Sent sent, SortedSet<String> all) {
            if (sent.columns().isEmpty()) {
                return all;
            }
            var listed = new TreeSet<>(sent.columns());
            listed.retainAll(all);
            return listed;
        }
    }

    Published read(Catalog.Publication publication, Long[] oids) throws SQLException {
        if (!publication.exists()) {
            return new Published(Map.of(), Map.of(), Map.of(), 0);
        }
        return new Published(
                sent(publication, oids),
                named(publication),
                CatalogReader.hasColumnLists(serverVersion) ? schemas(publication) : Map.of(),
                publication.everything() ? publication.oid() : 0);
    }

    private Map<TableName, Sent> sent(Catalog.Publication publication, Long[] oids) throws SQLException {
        var lists = CatalogReader.hasColumnLists(serverVersion);
        var found = new HashMap<TableName, Sent>();
        try (var statement = connection.prepareStatement("SELECT t.schemaname, t.tablename, "
                + (lists ? "t.attnames::text[], t.rowfilter IS NOT NULL" : "NULL::text[], false")
                + " FROM pg_publication_tables t WHERE t.pubname = ?")) {
            statement.setString(1, publicationName);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var columns = new TreeSet<String>();
                    var array = rows.getArray(3);
                    if (array != null) {
                        columns.addAll(List.of((String[]) array.getArray()));
                    }
                    found.put(
                            TableName.of(rows.getString(1), rows.getString(2)), new Sent(columns, rows.getBoolean(4)));
                }
            }
        }
        if (publication.viaRoot()) {
            addLeaves(found, oids);
        }
        return found;
    }

    /** With publish_via_partition_root only roots are listed; their leaves are sent all the same. */
    private void addLeaves(Map<TableName, Sent> found, Long[] oids) throws SQLException {
        Set<TableName> roots = new HashSet<>(found.keySet());
        try (var statement = connection.prepareStatement("""
                SELECT rn.nspname, r.relname, ln.nspname, l.relname
                FROM pg_class l JOIN pg_namespace ln ON ln.oid = l.relnamespace
                JOIN pg_class r ON r.oid = pg_partition_root(l.oid) JOIN pg_namespace rn ON rn.oid = r.relnamespace
                WHERE l.oid = ANY (?::oid[]) AND l.relispartition
                """)) {
            statement.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var root = TableName.of(rows.getString(1), rows.getString(2));
                    var sent = found.get(root);
                    if (sent != null && roots.contains(root)) {
                        found.put(TableName.of(rows.getString(3), rows.getString(4)), sent);
                    }
                }
            }
        }
    }

    private Map<Integer, Long> named(Catalog.Publication publication) throws SQLException {
        var found = new HashMap<Integer, Long>();
        try (var statement = connection.prepareStatement("""
                SELECT DISTINCT ON (1) coalesce(t.relid::oid, r.prrelid)::bigint, r.oid::bigint
                FROM pg_publication_rel r LEFT JOIN LATERAL pg_partition_tree(r.prrelid) t ON true
                WHERE r.prpubid = ?::oid ORDER BY 1, coalesce(t.level, 0)
                """)) {
            statement.setLong(1, publication.oid());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put((int) rows.getLong(1), rows.getLong(2));
                }
            }
        }
        return found;
    }

    private Map<String, Long> schemas(Catalog.Publication publication) throws SQLException {
        var found = new HashMap<String, Long>();
        try (var statement = connection.prepareStatement("""
                SELECT n.nspname, p.oid::bigint FROM pg_publication_namespace p JOIN pg_namespace n ON n.oid = p.pnnspid
                WHERE p.pnpubid = ?::oid
                """)) {
            statement.setLong(1, publication.oid());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return found;
    }
}
