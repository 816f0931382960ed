package dev.flusso.journal;

/**
 * A table, by its schema and name exactly as the catalog spells them (no quotes, case kept).
 *
 * @param schema such as {@code public}, not empty
 * @param name such as {@code orders}, not empty
 */
public record TableName(String schema, String name) implements Comparable<TableName> {

    public TableName {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a table needs a schema and a name: '" + schema + "', '" + name + "'");
        }
    }

    public static TableName of(String schema, String name) {
        return new TableName(schema, name);
    }

    /** As SQL: both parts quoted, so that it means this table whatever the search path says. */
    public String sql() {
        return quoted(schema) + "." + quoted(name);
    }

    @Override
    public int compareTo(TableName other) {
        var bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
