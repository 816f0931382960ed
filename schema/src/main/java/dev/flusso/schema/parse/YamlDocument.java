package dev.flusso.schema.parse;

import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as nodes: the library's graph with its marks, read by the core schema of YAML 1.2. Aliases and merges work; a node that contains
 * itself, more nodes than a person writes, and tags of other programs are refused.
 */
final class YamlDocument {

    /** What aliases may unfold to. */
    private static final int MOST_NODES = 500_000;

    private static final int DEEPEST = 60;
    private static final Tag PLAIN = new Tag("flusso:plain");

    private final String file;
    private final Problems problems;
    private final Deque<org.yaml.snakeyaml.nodes.Node> open = new ArrayDeque<>();
    private int nodes;

    private YamlDocument(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The one document of a text; empty when it is broken, which is then among the problems. */
    static Optional<Node> parse(String text, String file, Problems problems) {
        var document = new YamlDocument(file, problems);
        try {
            var options = new LoaderOptions();
            options.setMaxAliasesForCollections(Integer.MAX_VALUE);
            options.setCodePointLimit(Integer.MAX_VALUE);
            options.setNestingDepthLimit(2 * DEEPEST);
            var parser = new ParserImpl(new StreamReader(text), options);
            var root = new ShallowComposer(parser, options).getSingleNode();
            if (root == null) {
                problems.add(new Place(file, 1, 1), "the file is empty, expected a mapping");
                return Optional.empty();
            }
            return Optional.of(document.node(root));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            var context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
            problems.add(document.place(mark), oneLine("broken YAML: " + e.getProblem() + context));
        } catch (ReaderException e) {
            problems.add(
                    document.placeOf(text, e.getPosition()),
                    String.format("broken YAML: character U+%04X is not allowed", e.getCodePoint()));
        } catch (YAMLException e) {
            problems.add(new Place(file, 1, 1), oneLine("broken YAML: " + e.getMessage()));
        } catch (RefusedException e) {
            problems.add(e.place, e.reason);
        }
        return Optional.empty();
    }

    private Node node(org.yaml.snakeyaml.nodes.Node node) {
        var place = place(node.getStartMark());
        if (++nodes > MOST_NODES) {
            throw new RefusedException(
                    place,
                    "the aliases unfold to more than " + MOST_NODES + " nodes, expected a file that a person wrote");
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar, place);
        }
        if (open.contains(node)) {
            throw new RefusedException(place, "alias '*" + node.getAnchor() + "' contains itself");
        }
        open.push(node);
        try {
            return node instanceof SequenceNode sequence
                    ? sequence(sequence, place)
                    : mapping((MappingNode) node, place);
        } finally {
            open.pop();
        }
    }

    private Node scalar(ScalarNode scalar, Place place) {
        var tag = scalar.getTag();
        var text = scalar.getValue();
        if (tag.equals(PLAIN)) {
            return YamlScalars.plain(text, place);
        }
        if (tag.equals(Tag.STR)) {
            return new Node.Scalar(new Literal.Text(text), place);
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) || tag.equals(Tag.BOOL) || tag.equals(Tag.NULL)) {
            return tagged(tag, YamlScalars.plain(text, place), place);
        }
        return refusedTag(tag, place);
    }

    private Node tagged(Tag tag, Node plain, Place place) {
        if (plain instanceof Node.Scalar scalar) {
            var value = scalar.value();
            if (tag.equals(Tag.FLOAT) && value instanceof Literal.Whole whole) {
                return new Node.Scalar(new Literal.Fraction(new java.math.BigDecimal(whole.value())), place);
            }
            boolean fits = (tag.equals(Tag.INT) && value instanceof Literal.Whole)
                    || (tag.equals(Tag.FLOAT) && value instanceof Literal.Fraction)
                    || (tag.equals(Tag.BOOL) && value instanceof Literal.Bool)
                    || (tag.equals(Tag.NULL) && value instanceof Literal.Null);
            if (fits) {
                return scalar;
            }
        }
        problems.add(place, "a value tagged " + shown(tag) + " is " + plain.found());
        return new Node.Odd("a value with a wrong tag", place);
    }

    private Node sequence(SequenceNode sequence, Place place) {
        if (!sequence.getTag().equals(Tag.SEQ)) {
            return refusedTag(sequence.getTag(), place);
        }
        var items = new ArrayList<Node>();
        for (var item : sequence.getValue()) {
            items.add(node(item));
        }
        return new Node.Items(items, place);
    }

    private Node mapping(MappingNode mapping, Place place) {
        if (!mapping.getTag().equals(Tag.MAP)) {
            return refusedTag(mapping.getTag(), place);
        }
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        var merges = new ArrayList<org.yaml.snakeyaml.nodes.Node>();
        for (var tuple : mapping.getValue()) {
            var keyPlace = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyPlace, "a key is a list or a mapping, expected a word");
                continue;
            }
            if (key.getTag().equals(PLAIN) && key.getValue().equals("<<")) {
                merges.add(tuple.getValueNode());
                continue;
            }
            var before = entries.get(key.getValue());
            if (before != null) {
                problems.add(
                        keyPlace, "key '" + key.getValue() + "' is given twice, first at " + lineOf(before.place()));
                continue;
            }
            entries.put(key.getValue(), new Node.Entry(key.getValue(), keyPlace, node(tuple.getValueNode())));
        }
        for (var merge : merges) {
            merge(merge, entries);
        }
        return new Node.Mapping(List.copyOf(entries.values()), place);
    }

    /** {@code <<: *one} or {@code <<: [*one, *two]}: keys that are there already win, of two merged ones the first. */
    private void merge(org.yaml.snakeyaml.nodes.Node merged, Map<String, Node.Entry> entries) {
        var value = node(merged);
        var parts = value instanceof Node.Items items ? items.nodes() : List.of(value);
        for (var part : parts) {
            if (part instanceof Node.Mapping mapping) {
                mapping.entries().forEach(entry -> entries.putIfAbsent(entry.key(), entry));
            } else {
                problems.add(part.place(), "'<<' is " + part.found() + ", expected a mapping or a list of mappings");
            }
        }
    }

    private Node refusedTag(Tag tag, Place place) {
        problems.add(place, "tag " + shown(tag) + " means nothing here, expected an untagged value");
        return new Node.Odd("a tagged value", place);
    }

    private static String shown(Tag tag) {
        return "'" + tag.getValue().replace(Tag.PREFIX, "!!") + "'";
    }

    private static String lineOf(Place place) {
        return "line " + place.line();
    }

    private Place place(@Nullable Mark mark) {
        return mark == null ? new Place(file, 1, 1) : new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Place placeOf(String text, int codePoint) {
        int end = Math.min(text.length(), Math.max(0, codePoint));
        var before = text.substring(0, end);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new Place(file, line, end - before.lastIndexOf('\n'));
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }

    /** Leaves the meaning of plain scalars to us, and stops before the stack does. */
    private static final class ShallowComposer extends Composer {

        private int depth;

        ShallowComposer(Parser parser, LoaderOptions options) {
            super(parser, new PlainResolver(), options);
        }

        @Override
        protected org.yaml.snakeyaml.nodes.Node composeSequenceNode(String anchor) {
            enter();
            var node = super.composeSequenceNode(anchor);
            depth--;
            return node;
        }

        @Override
        protected org.yaml.snakeyaml.nodes.Node composeMappingNode(String anchor) {
            enter();
            var node = super.composeMappingNode(anchor);
            depth--;
            return node;
        }

        private void enter() {
            if (++depth > DEEPEST) {
                throw new TooDeepException(parser.peekEvent().getStartMark());
            }
        }
    }

    private static final class TooDeepException extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        TooDeepException(Mark mark) {
            super(null, null, "nested deeper than " + DEEPEST + " levels", mark);
        }
    }

    private static final class PlainResolver extends Resolver {
        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return switch (kind) {
                case scalar -> implicit ? PLAIN : Tag.STR;
                case sequence -> Tag.SEQ;
                case mapping, anchor -> Tag.MAP;
            };
        }
    }

    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Place place;
        private final String reason;

        RefusedException(Place place, String reason) {
            super(reason);
            this.place = place;
            this.reason = reason;
        }
    }
}
