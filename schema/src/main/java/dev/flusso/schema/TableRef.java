package dev.flusso.schema;

/**
 * A table as the catalog spells it: unquoted names in the config are already folded to lower case.
 *
 * @param schema such as {@code public}
 * @param name such as {@code orders}
 */
public record TableRef(String schema, String name) implements Comparable<TableRef> {

    public TableRef {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a table needs a schema and a name: '" + schema + "', '" + name + "'");
        }
    }

    /** As SQL, both parts quoted. */
    public String sql() {
        return quoted(schema) + "." + quoted(name);
    }

    /** An identifier as SQL, quoted whether it needs it or not. */
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(TableRef other) {
        var bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
