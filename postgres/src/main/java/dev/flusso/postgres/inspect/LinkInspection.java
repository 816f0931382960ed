package dev.flusso.postgres.inspect;

import dev.flusso.postgres.inspect.DatabaseFinding.Severity;
import dev.flusso.postgres.inspect.SchemaInspection.Level;
import dev.flusso.schema.Link;
import dev.flusso.schema.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the columns of a join can be compared, and are found without reading a whole table. */
final class LinkInspection {

    private final TableInspection tables;
    private final Findings findings;

    LinkInspection(TableInspection tables, Findings findings) {
        this.tables = tables;
        this.findings = findings;
    }

    void link(Level above, Level joined, Link link, String name, Place place) {
        if (link instanceof Link.ForeignKey foreign) {
            compared(joined.facts(), foreign.columns(), above.facts(), above.key(), name, place);
            indexed(joined.facts(), foreign.columns(), name, place);
        } else if (link instanceof Link.ParentColumns parent) {
            compared(above.facts(), parent.columns(), joined.facts(), joined.key(), name, place);
            indexed(joined.facts(), joined.key(), name, place);
            if (!parent.columns().equals(above.key())) {
                indexed(above.facts(), parent.columns(), name, place);
            }
        } else if (link instanceof Link.Through through) {
            var junction = tables.table(through.table(), place).orElse(null);
            compared(junction, through.leftKey(), above.facts(), above.key(), name, place);
            compared(junction, through.rightKey(), joined.facts(), joined.key(), name, place);
            indexed(junction, through.leftKey(), name, place);
            indexed(junction, through.rightKey(), name, place);
            indexed(joined.facts(), joined.key(), name, place);
        }
    }

    private void compared(
            @Nullable TableFacts from,
            List<String> columns,
            @Nullable TableFacts to,
            List<String> keys,
            String name,
            Place place) {
        if (from == null || !tables.columns(from, columns, place) || to == null || keys.size() != columns.size()) {
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            var one = from.column(columns.get(i));
            var other = to.column(keys.get(i));
            if (one.isEmpty() || other.isEmpty()) {
                continue;
            }
            var pair = "'" + name + "': " + from.table() + "." + one.get().name() + " is "
                    + one.get().type() + " and " + to.table() + "."
                    + other.get().name() + " is " + other.get().type();
            if (!one.get().isComparableWith(other.get())) {
                findings.error(
                        place,
                        pair + ", which Postgres does not compare",
                        "name columns of one type, or change one: ALTER TABLE … ALTER COLUMN … TYPE …;");
            } else if (!one.get().isFoundBy(other.get())) {
                findings.warning(
                        place,
                        pair
                                + ": they are compared, but an index on one does not find the other, so each batch reads the"
                                + " whole table",
                        "give both columns one type: ALTER TABLE … ALTER COLUMN … TYPE …;");
            }
        }
    }

    private void indexed(@Nullable TableFacts facts, List<String> columns, String name, Place place) {
        if (facts == null
                || !facts.isTable()
                || columns.isEmpty()
                || !facts.columns().keySet().containsAll(columns)
                || facts.isIndexed(columns)) {
            return;
        }
        var rows = facts.rows() > 0 ? " (about " + facts.rows() + " rows)" : "";
        var message = facts.table() + rows + " has no index that begins with " + String.join(" or ", columns)
                + ": for '" + name + "' each rebuilding reads the whole table";
        findings.once(new DatabaseFinding(
                facts.isSmall() ? Severity.NOTE : Severity.WARNING,
                place,
                facts.isSmall() ? message + ", which is small now" : message,
                facts.indexSql("INDEX", columns)));
    }
}
