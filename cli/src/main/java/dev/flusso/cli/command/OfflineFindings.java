package dev.flusso.cli.command;

import dev.flusso.schema.Config;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Place;
import dev.flusso.schema.lock.Lock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What can be said of a valid config without asking any server. */
final class OfflineFindings {
    private final String directory;
    private final List<Finding> findings = new ArrayList<>();

    private OfflineFindings(String directory) {
        this.directory = directory;
    }

    /** @param directory of the config file, put before the places in it; empty for none */
    static List<Finding> of(Config config, String directory) {
        var all = new OfflineFindings(directory);
        Lock.literalSecrets(config)
                .forEach(problem -> all.add(Finding.Severity.WARNING, problem.place(), problem.message()));
        config.indexes().forEach(all::index);
        return List.copyOf(all.findings);
    }

    private void index(IndexConfig index) {
        if (!index.enabled()) {
            add(Finding.Severity.NOTE, index.place(), "index '" + index.name() + "' is disabled, so nothing keeps it");
        }
        filters(index.schema().filters());
        var softDelete = index.schema().softDelete();
        if (softDelete != null) {
            filters(softDelete.when());
        }
        index.schema().fields().forEach(this::field);
    }

    private void field(Field field) {
        switch (field.kind()) {
            case OBJECT -> ((Field.Group) field).fields().forEach(this::field);
            case JOIN -> {
                var join = (Field.Join) field;
                filters(join.filters());
                join.fields().forEach(this::field);
            }
            case AGGREGATE -> filters(((Field.Aggregate) field).filters());
            case IDS -> filters(((Field.Ids) field).filters());
            case LEAF -> leaf((Field.Leaf) field);
            case CUSTOM, GEO, MAP, CONSTANT -> {}
        }
    }

    /** OpenSearch learns the keys of a json field from the documents. */
    private void leaf(Field.Leaf leaf) {
        boolean learns = Set.of("dynamic", "properties", "enabled", "type").stream()
                .noneMatch(leaf.options().values()::containsKey);
        if (leaf.type() == LeafType.JSON && learns) {
            findings.add(
                    new Finding(
                            Finding.Severity.NOTE,
                            leaf.place().under(directory),
                            "'" + leaf.name()
                                    + "': the first document with a key decides the key's type in the index: later values of"
                                    + " another kind are rejected, and so are fractions beside whole numbers",
                            "say the type of such keys in options: {properties: …}, or keep them unsearched: options: {dynamic: false}"));
        }
    }

    private void filters(List<Filter> filters) {
        for (var filter : filters) {
            if (filter instanceof Filter.Raw raw) {
                add(
                        Finding.Severity.NOTE,
                        raw.place(),
                        "a raw filter is not tracked: when its outcome changes by the time, or by a row of another table, the"
                                + " document changes only once something else rebuilds it");
            }
        }
    }

    private void add(Finding.Severity severity, Place place, String message) {
        findings.add(new Finding(severity, place.under(directory), message, null));
    }
}
