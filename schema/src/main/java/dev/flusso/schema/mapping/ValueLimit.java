package dev.flusso.schema.mapping;

import static dev.flusso.schema.LeafType.BOOLEAN;
import static dev.flusso.schema.LeafType.DATE;
import static dev.flusso.schema.LeafType.DECIMAL;
import static dev.flusso.schema.LeafType.DOUBLE;
import static dev.flusso.schema.LeafType.ENUM;
import static dev.flusso.schema.LeafType.FLOAT;
import static dev.flusso.schema.LeafType.IDENTIFIER;
import static dev.flusso.schema.LeafType.INTEGER;
import static dev.flusso.schema.LeafType.JSON;
import static dev.flusso.schema.LeafType.KEYWORD;
import static dev.flusso.schema.LeafType.LONG;
import static dev.flusso.schema.LeafType.SHORT;
import static dev.flusso.schema.LeafType.TEXT;
import static dev.flusso.schema.LeafType.TIMESTAMP;
import static dev.flusso.schema.LeafType.UUID;

import dev.flusso.schema.LeafType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the field types do not hold: a document with such a value is rejected. The one list of it; each line is shown on a real server by
 * {@code ValueLimitIT}.
 *
 * <p>What OpenSearch takes but would change ({@link Refuser#FLUSSO}) is refused where the document is made. Not in the list, because it
 * lies in the type: {@code float} and {@code double} keep 24 and 53 bits of a number, {@code date} keeps milliseconds; the document itself
 * holds every digit. Nor are what {@code options} of the user's own allow or forbid.
 */
public enum ValueLimit {
    WHOLE_RANGE(Refuser.OPENSEARCH, "takes whole numbers of its own range only", SHORT, INTEGER, LONG),
    WHOLE_FRACTION(
            Refuser.FLUSSO,
            "takes whole numbers only; what stands behind the point would be cut off",
            SHORT,
            INTEGER,
            LONG),
    FLOAT_RANGE(Refuser.OPENSEARCH, "takes numbers up to 3.4e38 only", FLOAT),
    DOUBLE_RANGE(Refuser.OPENSEARCH, "takes numbers up to 1.8e308 only", DOUBLE, DECIMAL),
    NUMBER_LENGTH(
            Refuser.OPENSEARCH,
            "takes numbers of up to 1000 characters",
            FLOAT,
            DOUBLE,
            DECIMAL,
            TEXT,
            IDENTIFIER,
            KEYWORD,
            JSON),
    NUMBER_TEXT(
            Refuser.OPENSEARCH,
            "takes of a text only what reads as a number",
            SHORT,
            INTEGER,
            LONG,
            FLOAT,
            DOUBLE,
            DECIMAL),
    EMPTY_NUMBER(
            Refuser.FLUSSO,
            "takes no empty text, which would be indexed as nothing",
            SHORT,
            INTEGER,
            LONG,
            FLOAT,
            DOUBLE,
            DECIMAL),
    BOOLEAN_TEXT(Refuser.OPENSEARCH, "takes of a text only 'true' and 'false', and no numbers", BOOLEAN),
    EMPTY_BOOLEAN(Refuser.FLUSSO, "takes no empty text, which would be indexed as false", BOOLEAN),
    DATE_TEXT(
            Refuser.OPENSEARCH,
            "takes of a text only ISO 8601 with a 'T' before the time, or milliseconds since 1970",
            DATE,
            TIMESTAMP),
    DATE_FRACTION(
            Refuser.FLUSSO,
            "reads a number as whole milliseconds since 1970; what stands behind the point would be cut off",
            DATE,
            TIMESTAMP),
    KEYWORD_BYTES(
            Refuser.OPENSEARCH,
            "takes up to 32766 bytes of UTF-8, unless 'ignore_above' leaves longer ones out",
            KEYWORD,
            UUID,
            ENUM),
    NO_OBJECT(
            Refuser.OPENSEARCH,
            "takes no objects: use json or map",
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
            TIMESTAMP),
    GEO_RANGE(Refuser.OPENSEARCH, "takes latitudes of -90 to 90 and longitudes of -180 to 180"),
    GEO_TEXT(Refuser.OPENSEARCH, "takes of a text only 'lat,lon', a geohash or WKT, and objects with lat and lon"),
    OBJECT_ONLY(Refuser.OPENSEARCH, "takes objects only (json, jsonb, hstore, composites)", JSON),
    JSON_KEYS(
            Refuser.OPENSEARCH,
            "takes no key twice, none that is empty or blank, and none that begins with or doubles a '.'",
            JSON),
    JSON_TYPES(
            Refuser.OPENSEARCH,
            "takes under one key values of one type, that of the first it saw: no object beside a value, no fraction"
                    + " beside whole numbers; 'options' with 'properties' say the type beforehand",
            JSON),
    JSON_NUMBER(Refuser.OPENSEARCH, "takes whole numbers of 64 bits and fractions up to 1.8e308", JSON),
    JSON_DEPTH(Refuser.OPENSEARCH, "takes objects 20 deep below what the schema names", JSON);

    /** Who refuses. */
    public enum Refuser {
        /** The index does, by itself. */
        OPENSEARCH,
        /** The index would take it for something else, so it is never sent. */
        FLUSSO
    }

    private final Refuser refuser;
    private final String reason;

    @SuppressWarnings("ImmutableEnumChecker") // copied where it is stored
    private final Set<LeafType> types;

    ValueLimit(Refuser refuser, String reason, LeafType... types) {
        this.refuser = refuser;
        this.reason = reason;
        var all = EnumSet.noneOf(LeafType.class);
        all.addAll(Arrays.asList(types));
        this.types = Set.copyOf(all);
    }

    public Refuser refuser() {
        return refuser;
    }

    /** Completes "a long field …". */
    public String reason() {
        return reason;
    }

    /** Whether it is one of the values of a field of this type; the limits of a point belong to no leaf type. */
    public boolean concerns(LeafType type) {
        return types.contains(type);
    }

    /** All that a field of this type does not hold. */
    public static List<ValueLimit> of(LeafType type) {
        return Arrays.stream(values()).filter(limit -> limit.concerns(type)).toList();
    }
}
