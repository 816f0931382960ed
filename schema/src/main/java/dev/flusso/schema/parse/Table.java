package dev.flusso.schema.parse;

import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mapping with the keys it may have. Each accessor returns the value, or notes a problem and returns what lets the reading go on; a
 * key that is null counts as not given, as it did in the earlier program.
 */
final class Table {

    private final Node.Mapping node;
    private final String what;
    private final Collection<String> known;
    private final Problems problems;

    /**
     * @param what how messages call it, such as {@code [source]} or {@code keyword 'email'}
     * @param known every key it may have; others are noted as problems here
     */
    Table(Node.Mapping node, String what, Collection<String> known, Problems problems) {
        this(node, what, known, problems, key -> "");
    }

    /** @param reason why a key does not belong here, for keys that are known elsewhere; empty when there is none */
    Table(
            Node.Mapping node,
            String what,
            Collection<String> known,
            Problems problems,
            Function<String, String> reason) {
        this.node = node;
        this.what = what;
        this.known = List.copyOf(known);
        this.problems = problems;
        for (var entry : node.entries()) {
            if (!known.contains(entry.key())) {
                problems.add(entry.place(), unknown(entry.key(), known, reason.apply(entry.key())));
            }
        }
    }

    private String unknown(String key, Collection<String> known, String reason) {
        if (!reason.isEmpty()) {
            return "'" + key + "' does not go with " + what + ": " + reason;
        }
        var hint = Nearest.hint(key, known);
        return "unknown key '" + key + "' in " + what
                + (hint.isEmpty() ? ", expected one of " + String.join(", ", known) : hint);
    }

    Place place() {
        return node.place();
    }

    String what() {
        return what;
    }

    Problems problems() {
        return problems;
    }

    boolean has(String key) {
        return node(key) != null;
    }

    /** The value of a key; null when it is not given or null. */
    @Nullable
    Node node(String key) {
        var node = raw(key);
        return node instanceof Node.Scalar scalar && scalar.isNull() ? null : node;
    }

    /** The value of a key, which may be a null that was written; null also for a key that does not belong here. */
    @Nullable
    Node raw(String key) {
        for (var entry : node.entries()) {
            if (entry.key().equals(key) && known.contains(key)) {
                return entry.value();
            }
        }
        return null;
    }

    /** Where a key's value stands, or the table when the key is not given. */
    Place place(String key) {
        var found = raw(key);
        return found == null ? place() : found.place();
    }

    void wrong(String key, Node found, String expected) {
        problems.add(found.place(), "'" + key + "' is " + found.found() + ", expected " + expected);
    }

    void missing(String key, String expected) {
        problems.add(place(), what + " lacks '" + key + "', expected " + expected);
    }

    String text(String key, String fallback, String expected) {
        var found = node(key);
        if (found == null) {
            return fallback;
        }
        var text = text(found);
        if (text.isEmpty()) {
            wrong(key, found, expected);
            return fallback;
        }
        return text.orElseThrow();
    }

    /** A string that must be given and not be empty; empty when it is not. */
    Optional<String> requiredText(String key, String expected) {
        var found = node(key);
        if (found == null) {
            missing(key, expected);
            return Optional.empty();
        }
        var text = text(found).filter(given -> !given.isBlank());
        if (text.isEmpty()) {
            wrong(key, found, expected);
        }
        return text;
    }

    static Optional<String> text(Node node) {
        return node instanceof Node.Scalar scalar && scalar.value() instanceof Literal.Text text
                ? Optional.of(text.value())
                : Optional.empty();
    }

    boolean truth(String key, boolean fallback) {
        var found = node(key);
        if (found == null) {
            return fallback;
        }
        if (found instanceof Node.Scalar scalar && scalar.value() instanceof Literal.Bool truth) {
            return truth.value();
        }
        wrong(key, found, "true or false");
        return fallback;
    }

    int whole(String key, int fallback, int least, int most) {
        return (int) whole(key, (long) fallback, least, most);
    }

    long whole(String key, long fallback, long least, long most) {
        var found = node(key);
        if (found == null) {
            return fallback;
        }
        if (found instanceof Node.Scalar scalar
                && scalar.value() instanceof Literal.Whole whole
                && whole.value().bitLength() < Long.SIZE
                && whole.value().longValueExact() >= least
                && whole.value().longValueExact() <= most) {
            return whole.value().longValueExact();
        }
        wrong(key, found, "a whole number from " + least + " to " + most);
        return fallback;
    }

    /** One of an enum's names, in lower case as they are typed. */
    <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
        return choice(key, List.of(type.getEnumConstants()), fallback);
    }

    <E extends Enum<E>> E choice(String key, List<E> allowed, E fallback) {
        var found = node(key);
        if (found == null) {
            return fallback;
        }
        var words = allowed.stream().map(Table::word).toList();
        var typed = text(found);
        for (var option : allowed) {
            if (typed.isPresent() && typed.orElseThrow().equals(word(option))) {
                return option;
            }
        }
        if (words.size() == 1) {
            wrong(key, found, '"' + words.get(0) + '"');
            return fallback;
        }
        var hint = typed.map(text -> Nearest.hint(text, words)).orElse("");
        wrong(key, found, "one of " + String.join(", ", words) + hint);
        return fallback;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A list of mappings; empty when it is not given or not one. */
    List<Node.Mapping> mappings(String key, String example) {
        var found = node(key);
        if (found == null) {
            return List.of();
        }
        if (!(found instanceof Node.Items items)) {
            wrong(key, found, "a list of mappings such as " + example);
            return List.of();
        }
        for (var item : items.nodes()) {
            if (!(item instanceof Node.Mapping)) {
                problems.add(
                        item.place(),
                        "'" + key + "' holds " + item.found() + ", expected a mapping such as " + example);
            }
        }
        return items.nodes().stream()
                .filter(Node.Mapping.class::isInstance)
                .map(Node.Mapping.class::cast)
                .toList();
    }

    /** A mapping under a key; empty when it is not given or not one. */
    Optional<Node.Mapping> mapping(String key, String example) {
        var found = node(key);
        if (found == null) {
            return Optional.empty();
        }
        if (found instanceof Node.Mapping mapping) {
            return Optional.of(mapping);
        }
        wrong(key, found, "a table such as " + example);
        return Optional.empty();
    }
}
