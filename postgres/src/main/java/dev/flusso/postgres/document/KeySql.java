package dev.flusso.postgres.document;

import java.util.List;

/** The {@code _id} a key has. */
final class KeySql {

    private static final int LONGEST_ID_BYTES = 512;

    private KeySql() {}

    /**
     * The parts' text, joined by colons; hashed when it is too long for OpenSearch.
     *
     * @param parts expressions of the key's columns
     */
    static String id(List<String> parts, List<PgType> types, boolean utf8) {
        var text = parts.size() == 1 ? text(parts.get(0), types.get(0)) : joined(parts, types);
        var size = utf8 ? "octet_length(" + text + ")" : "octet_length(convert_to(" + text + ", 'UTF8'))";
        return isShort(types)
                ? text
                : "(CASE WHEN " + size + " > " + LONGEST_ID_BYTES + " THEN encode(sha256(convert_to(" + text
                        + ", 'UTF8')), 'hex') ELSE " + text + " END)";
    }

    private static String joined(List<String> parts, List<PgType> types) {
        var pieces = new java.util.ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                pieces.add("':'");
            }
            var text = text(parts.get(i), types.get(i));
            pieces.add(
                    types.get(i).form() == PgType.Form.WHOLE
                            ? text
                            : "replace(replace(" + text + ", '%', '%25'), ':', '%3A')");
        }
        return SqlText.concatenated(pieces);
    }

    /** A key's value as text: as the type's output gives it, but booleans in full and {@code char(n)} without padding. */
    static String text(String value, PgType type) {
        return switch (type.form()) {
            // a cast to text would add a netmask to an inet
            case OTHER, POINT -> "format('%s', " + value + ")";
            default -> "(" + value + ")::text";
        };
    }

    private static boolean isShort(List<PgType> types) {
        return types.stream()
                        .allMatch(type ->
                                type.form() == PgType.Form.WHOLE || type.sql().equals("uuid"))
                && types.size() < 13;
    }
}
