package dev.flusso.postgres.document;

import java.util.ArrayList;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the tables are still what a statement was written for. Postgres plans a statement anew when a column changes its type, and the
 * text written for the old type would be wrong JSON for the new; so each statement says, out of the catalog as it finds it, which tables
 * its names meant and what types their columns had. Its table locks keep that true while it runs.
 *
 * @param sql an expression
 */
record Fingerprint(String sql) {

    /** The statement's own snapshot, once for all rows. */
    static final String SNAPSHOT = "(SELECT pg_current_snapshot()::text)";

    /** Its first eight hexadecimal digits are the timeline. */
    static final String WAL_FILE = "(SELECT pg_walfile_name(pg_current_wal_insert_lsn()))";

    static Fingerprint of(Catalog catalog) {
        var relations = catalog.relations();
        var oids = new ArrayList<>(relations.stream().map(Relation::oid).toList());
        oids.addAll(catalog.types().rowTypes());
        return new Fingerprint("(SELECT md5(" + names(relations)
                + " || ';' || string_agg(a.attrelid || ' ' || a.attname || ' ' || a.atttypid, ',' ORDER BY a.attrelid, a.attnum))"
                + " FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ('" + Catalog.oids(oids)
                + "'::oid[]) AND a.attnum > 0 AND NOT a.attisdropped)");
    }

    /**
     * What the names mean now, by an index of the catalog; not by {@code to_regclass}, which fails for a schema that may not be used.
     */
    private static String names(Collection<Relation> relations) {
        return "coalesce((SELECT string_agg(c.oid::text, ',' ORDER BY c.oid) FROM pg_catalog.pg_class c WHERE c.relname = ANY ("
                + array(relations.stream().map(relation -> relation.table().name()))
                + ") AND c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY ("
                + array(relations.stream().map(relation -> relation.table().schema())) + "))), '')";
    }

    private static String array(Stream<String> names) {
        return names.distinct().map(SqlText::literal).collect(Collectors.joining(", ", "ARRAY[", "]::name[]"));
    }
}
