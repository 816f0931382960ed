package dev.flusso.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key of a document. Column names are as the catalog spells them.
 *
 * <p>Whoever adds an alternative adds a {@link Kind}, and the compiler leads to every switch that must know it.
 */
public sealed interface Field {

    /** The document key. */
    String name();

    /** Where its type key stands. */
    Place place();

    Kind kind();

    /** Whether the document may hold null here. */
    boolean nullable();

    /** The alternatives. */
    enum Kind {
        LEAF,
        CUSTOM,
        GEO,
        OBJECT,
        MAP,
        JOIN,
        AGGREGATE,
        IDS,
        CONSTANT
    }

    /**
     * One column as one value.
     *
     * @param required declared never null; nullability is {@link #nullable}
     * @param variants of an enum, in rank order; empty otherwise and for an unordered enum
     * @param fallback the {@code default}: stands where the column is null
     * @param options mapping parameters that win over ours
     */
    record Leaf(
            String name,
            LeafType type,
            String column,
            boolean required,
            List<Transform> transforms,
            List<String> variants,
            @Nullable Literal fallback,
            Literal.Entries options,
            Place place)
            implements Field {
        public Leaf {
            transforms = List.copyOf(transforms);
            variants = List.copyOf(variants);
            if (!transforms.isEmpty() && !type.isString()) {
                throw new IllegalArgumentException(place + ": transforms on " + type.key() + " '" + name + "'");
            }
            if (!variants.isEmpty() && type != LeafType.ENUM) {
                throw new IllegalArgumentException(place + ": variants on " + type.key() + " '" + name + "'");
            }
        }

        @Override
        public Kind kind() {
            return Kind.LEAF;
        }

        @Override
        public boolean nullable() {
            return !required && fallback == null;
        }
    }

    /**
     * One column with a mapping of the user's own.
     *
     * @param postgres the Postgres types the column may have
     * @param opensearch the OpenSearch field type
     */
    record Custom(
            String name,
            List<String> postgres,
            String opensearch,
            String column,
            boolean required,
            @Nullable Literal fallback,
            Literal.Entries options,
            Place place)
            implements Field {
        public Custom {
            postgres = List.copyOf(postgres);
        }

        @Override
        public Kind kind() {
            return Kind.CUSTOM;
        }

        @Override
        public boolean nullable() {
            return !required && fallback == null;
        }
    }

    /** A {@code geo_point}; null when a coordinate is missing. */
    record Geo(String name, Source source, boolean required, Literal.Entries options, Place place) implements Field {

        /** Where the point comes from. */
        public sealed interface Source {
            /** Two columns of numbers. */
            record LatLon(String lat, String lon) implements Source {}

            /** One column: a {@code point} (x is longitude), or text or json that OpenSearch reads as a point. */
            record Column(String column) implements Source {}
        }

        @Override
        public Kind kind() {
            return Kind.GEO;
        }

        @Override
        public boolean nullable() {
            return !required;
        }
    }

    /** Fields of the same row under one key; never null. */
    record Group(String name, List<Field> fields, Literal.Entries options, Place place) implements Field {
        public Group {
            fields = List.copyOf(fields);
            DocumentSchema.distinct(fields, place);
        }

        @Override
        public Kind kind() {
            return Kind.OBJECT;
        }

        @Override
        public boolean nullable() {
            return false;
        }
    }

    /** One column that holds an object of values of one type (json, jsonb, hstore). */
    record MapOf(String name, LeafType values, String column, boolean required, Literal.Entries options, Place place)
            implements Field {
        @Override
        public Kind kind() {
            return Kind.MAP;
        }

        @Override
        public boolean nullable() {
            return !required;
        }
    }

    /**
     * Rows of another table.
     *
     * @param primaryKey of the joined table
     * @param limit how many rows at most, 0 for all; only for the to-many verbs
     */
    record Join(
            String name,
            Verb verb,
            TableRef table,
            List<String> primaryKey,
            Link link,
            List<Field> fields,
            List<Filter> filters,
            List<SortKey> orderBy,
            int limit,
            boolean required,
            Literal.Entries options,
            Place place)
            implements Field {

        /** The verbs. */
        public enum Verb {
            BELONGS_TO,
            HAS_ONE,
            HAS_MANY,
            MANY_TO_MANY;

            /** Whether the document holds an array (mapped {@code nested}). */
            public boolean isToMany() {
                return this == HAS_MANY || this == MANY_TO_MANY;
            }
        }

        public Join {
            primaryKey = List.copyOf(primaryKey);
            fields = List.copyOf(fields);
            filters = List.copyOf(filters);
            orderBy = List.copyOf(orderBy);
            DocumentSchema.distinct(fields, place);
            if (!fits(verb, link, primaryKey.size())) {
                throw new IllegalArgumentException(
                        place + ": " + verb + " '" + name + "' with " + link + " and primary key " + primaryKey);
            }
            if (limit < 0 || (limit > 0 && !verb.isToMany()) || (required && verb.isToMany())) {
                throw new IllegalArgumentException(
                        place + ": " + verb + " '" + name + "' with limit " + limit + ", required " + required);
            }
        }

        @Override
        public Kind kind() {
            return Kind.JOIN;
        }

        @Override
        public boolean nullable() {
            return !verb.isToMany() && !required;
        }

        private static boolean fits(Verb verb, Link link, int keyColumns) {
            return switch (verb) {
                case BELONGS_TO ->
                    link instanceof Link.ParentColumns parent
                            && parent.columns().size() == keyColumns;
                case HAS_ONE, HAS_MANY -> link instanceof Link.ForeignKey && keyColumns > 0;
                case MANY_TO_MANY ->
                    link instanceof Link.Through through && through.rightKey().size() == keyColumns;
            };
        }
    }

    /**
     * A figure over rows of another table.
     *
     * @param link {@link Link.ForeignKey} or {@link Link.Through}; the key of the far table of a junction is its primary key in the
     *     catalog
     * @param column what is summed, averaged, compared; null for a count
     * @param valueType LONG for a count, DOUBLE for an average, else as declared
     */
    record Aggregate(
            String name,
            Function function,
            TableRef table,
            Link link,
            List<Filter> filters,
            @Nullable String column,
            LeafType valueType,
            Literal.Entries options,
            Place place)
            implements Field {

        /** The functions. */
        public enum Function {
            COUNT,
            SUM,
            AVG,
            MIN,
            MAX
        }

        public Aggregate {
            filters = List.copyOf(filters);
            if ((column == null) != (function == Function.COUNT) || link instanceof Link.ParentColumns) {
                throw new IllegalArgumentException(
                        place + ": " + function + " '" + name + "' of column " + column + " with " + link);
            }
        }

        @Override
        public Kind kind() {
            return Kind.AGGREGATE;
        }

        @Override
        public boolean nullable() {
            return function != Function.COUNT;
        }
    }

    /** The keys of the rows of another table, in key order: the primary key the catalog knows; never null. */
    record Ids(String name, TableRef table, Link link, LeafType elementType, List<Filter> filters, Place place)
            implements Field {
        public Ids {
            filters = List.copyOf(filters);
            if (link instanceof Link.ParentColumns) {
                throw new IllegalArgumentException(place + ": ids '" + name + "' with " + link);
            }
        }

        @Override
        public Kind kind() {
            return Kind.IDS;
        }

        @Override
        public boolean nullable() {
            return false;
        }
    }

    /** The same value in each document. */
    record Constant(String name, Literal value, Place place) implements Field {
        @Override
        public Kind kind() {
            return Kind.CONSTANT;
        }

        @Override
        public boolean nullable() {
            return value instanceof Literal.Null;
        }
    }
}
