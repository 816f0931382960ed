package dev.flusso.schema;

import java.util.List;

/** How the rows of a joined table belong to a row of the level above. */
public sealed interface Link {

    /**
     * {@code belongs_to}: the row above names the joined row.
     *
     * @param columns columns of the row above, in the order of the joined table's primary key
     */
    record ParentColumns(List<String> columns) implements Link {
        public ParentColumns {
            columns = List.copyOf(columns);
            notEmpty(columns);
        }
    }

    /**
     * {@code foreign_key}: the joined row names the row above.
     *
     * @param columns columns of the joined table, in the order of the upper level's primary key
     */
    record ForeignKey(List<String> columns) implements Link {
        public ForeignKey {
            columns = List.copyOf(columns);
            notEmpty(columns);
        }
    }

    /**
     * {@code through}: rows of a third table name both.
     *
     * @param table the junction
     * @param leftKey its columns that name the row above, in the order of the upper level's primary key
     * @param rightKey its columns that name the joined row, in the order of the joined table's primary key
     */
    record Through(TableRef table, List<String> leftKey, List<String> rightKey) implements Link {
        public Through {
            leftKey = List.copyOf(leftKey);
            rightKey = List.copyOf(rightKey);
            notEmpty(leftKey);
            notEmpty(rightKey);
        }
    }

    private static void notEmpty(List<String> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a link needs a column");
        }
    }
}
