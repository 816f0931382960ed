package dev.flusso.schema.parse;

import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/** TOML 1.0 as nodes. The library knows where keys stand, not values: a value's place is its key's. */
final class TomlDocument {

    private static final String TWICE = "previously defined";

    private final String file;

    private TomlDocument(String file) {
        this.file = file;
    }

    /** The whole text; empty when it is broken, which is then among the problems. */
    static Optional<Node.Mapping> parse(String text, String file, Problems problems) {
        var document = new TomlDocument(file);
        try {
            var result = Toml.parse(text, TomlVersion.V1_0_0);
            boolean readable = true;
            for (var error : result.errors()) {
                var message = String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
                problems.add(document.place(error.position()), "broken TOML: " + message);
                readable = readable && message.contains(TWICE);
            }
            return readable ? Optional.of(document.table(result, new Place(file, 1, 1))) : Optional.empty();
        } catch (StackOverflowError e) {
            problems.add(new Place(file, 1, 1), "broken TOML: nested too deeply");
            return Optional.empty();
        }
    }

    private Node.Mapping table(TomlTable table, Place place) {
        var entries = new ArrayList<Node.Entry>();
        for (var key : table.keySet()) {
            var path = List.of(key);
            var keyPlace = place(table.inputPositionOf(path));
            entries.add(new Node.Entry(key, keyPlace, node(table.get(path), keyPlace)));
        }
        return new Node.Mapping(entries, place);
    }

    private Node node(@Nullable Object value, Place place) {
        if (value instanceof TomlTable table) {
            return table(table, place);
        }
        if (value instanceof TomlArray array) {
            var items = new ArrayList<Node>();
            for (int index = 0; index < array.size(); index++) {
                items.add(node(array.get(index), place(array.inputPositionOf(index))));
            }
            return new Node.Items(items, place);
        }
        if (value instanceof String text) {
            return new Node.Scalar(new Literal.Text(text), place);
        }
        if (value instanceof Boolean truth) {
            return new Node.Scalar(new Literal.Bool(truth), place);
        }
        if (value instanceof Long number) {
            return new Node.Scalar(new Literal.Whole(BigInteger.valueOf(number)), place);
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return new Node.Scalar(new Literal.Fraction(BigDecimal.valueOf(number)), place);
        }
        return new Node.Odd(value instanceof Double ? "an infinity or not-a-number" : "a date or time", place);
    }

    private Place place(@Nullable TomlPosition position) {
        return position == null ? new Place(file, 1, 1) : new Place(file, position.line(), position.column());
    }
}
