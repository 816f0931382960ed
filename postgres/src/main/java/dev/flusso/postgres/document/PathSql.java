package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Place;
import dev.flusso.schema.ResolutionPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the statement that follows a path from changed rows to the keys of the root. */
final class PathSql {

    private final DocumentSchema schema;
    private final Catalog catalog;
    private final Fingerprint fingerprint;

    PathSql(DocumentSchema schema, Catalog catalog, Fingerprint fingerprint) {
        this.schema = schema;
        this.catalog = catalog;
        this.fingerprint = fingerprint;
    }

    /** The types of the values a path starts from. */
    List<PgType> startTypes(ResolutionPath path) {
        var hop = path.hops().get(0);
        return types(catalog.relation(hop.table(), schema.place()), hop.match());
    }

    private List<PgType> types(Relation relation, List<String> columns) {
        return columns.stream()
                .map(column -> catalog.types()
                        .base(relation.column(column, schema.place()).type()))
                .toList();
    }

    /**
     * Parameters: a {@code text[]} for each part of the start values, the parts of the last key of the page before if there was one, and
     * how many keys to find. Columns: snapshot, WAL file name, fingerprint, whether there is a key, its parts as text.
     */
    String sql(ResolutionPath path, boolean afterKey) {
        if (path.hops().isEmpty()) {
            throw new IllegalArgumentException("path of '" + path.field() + "' has no hops, expected at least one");
        }
        var sets = new ArrayList<String>();
        var starts = startTypes(path);
        sets.add("h0 AS MATERIALIZED (SELECT DISTINCT "
                + IntStream.rangeClosed(1, starts.size())
                        .mapToObj(i -> "u.\"#a" + i + "\"::" + starts.get(i - 1).sql() + " AS \"#" + i + "\"")
                        .collect(Collectors.joining(", "))
                + " FROM unnest("
                + starts.stream().map(type -> "?::text[]").collect(Collectors.joining(", ")) + ") u("
                + IntStream.rangeClosed(1, starts.size())
                        .mapToObj(i -> "\"#a" + i + "\"")
                        .collect(Collectors.joining(", "))
                + "))");
        for (int i = 0; i < path.hops().size(); i++) {
            sets.add("h" + (i + 1) + " AS MATERIALIZED (" + hop(path.hops().get(i), "h" + i) + ")");
        }
        return "WITH " + String.join(",\n", sets) + "\nSELECT s.*, q.* FROM (SELECT " + Fingerprint.SNAPSHOT
                + " AS snapshot, " + Fingerprint.WAL_FILE + " AS wal, " + fingerprint.sql()
                + " AS fingerprint) s LEFT JOIN (SELECT true AS hit, p.\"#n\""
                + texts() + " FROM (" + page("h" + path.hops().size(), afterKey) + ") p) q ON true ORDER BY q.\"#n\"";
    }

    private String hop(ResolutionPath.Hop hop, String from) {
        var place = schema.place();
        var relation = catalog.relation(hop.table(), place);
        hop.match().forEach(column -> relation.column(column, place));
        hop.result().forEach(column -> relation.column(column, place));
        var matched = IntStream.range(0, hop.match().size())
                .mapToObj(i -> SqlText.column("t", hop.match().get(i)) + " = h.\"#" + (i + 1) + "\"")
                .collect(Collectors.joining(" AND "));
        var result = IntStream.range(0, hop.result().size())
                .mapToObj(i -> SqlText.column("t", hop.result().get(i)) + " AS \"#" + (i + 1) + "\"")
                .collect(Collectors.joining(", "));
        var present = hop.result().stream()
                .map(column -> SqlText.column("t", column) + " IS DISTINCT FROM NULL")
                .collect(Collectors.joining(" AND "));
        boolean byArray = hop.match().size() == 1
                && relation.isIndexed(hop.match())
                && !isArray(relation, hop.match().get(0), place);
        return "SELECT DISTINCT " + result + " FROM " + hop.table().sql() + " t"
                + (byArray
                        ? " WHERE " + SqlText.column("t", hop.match().get(0)) + " = ANY (ARRAY(SELECT h.\"#1\" FROM "
                                + from + " h)) AND "
                        : " JOIN " + from + " h ON " + matched + " WHERE ")
                + present;
    }

    private boolean isArray(Relation relation, String column, Place place) {
        return catalog.types().base(relation.column(column, place).type()).form() == PgType.Form.ARRAY;
    }

    private List<PgType> keyTypes() {
        return types(catalog.relation(schema.table(), schema.place()), schema.primaryKey());
    }

    private String page(String found, boolean afterKey) {
        var types = keyTypes();
        var keys = IntStream.range(0, types.size())
                .mapToObj(i -> "h.\"#" + (i + 1) + "\"::" + types.get(i).sql())
                .toList();
        var selected = IntStream.range(0, keys.size())
                .mapToObj(i -> keys.get(i) + " AS \"#" + (i + 1) + "\"")
                .collect(Collectors.joining(", "));
        var order = RowSource.ours("d", keys.size());
        var bound = types.stream().map(type -> "?::text::" + type.sql()).collect(Collectors.joining(", "));
        return "SELECT d.*, row_number() OVER (ORDER BY " + order + ") AS \"#n\" FROM (SELECT DISTINCT " + selected
                + " FROM " + found + " h"
                + (afterKey ? " WHERE (" + String.join(", ", keys) + ") > (" + bound + ")" : "") + ") d ORDER BY "
                + order
                + " LIMIT ?";
    }

    private String texts() {
        var types = keyTypes();
        return IntStream.range(0, types.size())
                .mapToObj(i -> ", " + KeySql.text("p.\"#" + (i + 1) + "\"", types.get(i)) + " AS \"#" + (i + 1) + "\"")
                .collect(Collectors.joining());
    }
}
