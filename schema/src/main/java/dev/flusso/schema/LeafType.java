package dev.flusso.schema;

import java.util.Locale;

/** The type keys whose field is one column with one value of a plain OpenSearch type. */
public enum LeafType {
    TEXT,
    IDENTIFIER,
    KEYWORD,
    UUID,
    ENUM,
    BOOLEAN,
    SHORT,
    INTEGER,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIMESTAMP,
    BINARY,
    JSON;

    /** As the user types it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether {@code transforms} go with it. */
    public boolean isString() {
        return this == TEXT || this == IDENTIFIER || this == KEYWORD || this == UUID || this == ENUM;
    }

    public boolean isNumber() {
        return this == SHORT || this == INTEGER || this == LONG || this == FLOAT || this == DOUBLE || this == DECIMAL;
    }
}
