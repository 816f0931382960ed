package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlDocumentTest {

    private final Problems problems = new Problems();

    private Optional<Node> parse(String text) {
        return Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> YamlDocument.parse(text, "f.yml", problems));
    }

    private String json(String text) {
        return parse(text).flatMap(Node::literal).orElseThrow().json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "yes|\"yes\"",
                "no|\"no\"",
                "on|\"on\"",
                "True|true",
                "FALSE|false",
                "010|10",
                "0o10|8",
                "0x1F|31",
                "+7|7",
                "-0|0",
                "1_000|\"1_000\"",
                "1:30|\"1:30\"",
                "0b11|\"0b11\"",
                "1.50|1.50",
                ".5|0.5",
                "5.|5.0",
                "1e3|1E+3",
                "-1.5E-7|-1.5E-7",
                "1.2.3|\"1.2.3\"",
                "-|[null]",
                "~|null",
                "null|null",
                "NULL|null",
                "nUll|\"nUll\"",
                "2026-11-20|\"2026-11-20\"",
                "2026-11-20T10:00:00Z|\"2026-11-20T10:00:00Z\"",
                "'010'|\"010\"",
                "\"true\"|\"true\"",
                "!!str 10|\"10\"",
                "!!int 10|10",
                "!!float 10|10.0",
                "123456789012345678901234567890|123456789012345678901234567890",
                "{yes: no, 1: 2}|{\"yes\":\"no\",\"1\":2}",
                "[a, {b: c}]|[\"a\",{\"b\":\"c\"}]",
                "=|\"=\"",
                "<<|\"<<\"",
            })
    void readsTheCoreScalarsOfYaml12(String yaml, String json) {
        assertThat(json(yaml)).isEqualTo(json);
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void followsAliasesAndMerges() {
        assertThat(json("""
                        base: &base {a: 1, b: 2}
                        more: &more {b: 3, c: 4}
                        copy: *base
                        one: {<<: *base, b: 9}
                        two: {<<: [*base, *more]}
                        quoted: {"<<": 1}
                        """))
                .isEqualTo("{\"base\":{\"a\":1,\"b\":2},\"more\":{\"b\":3,\"c\":4},\"copy\":{\"a\":1,\"b\":2},"
                        + "\"one\":{\"b\":9,\"a\":1},\"two\":{\"a\":1,\"b\":2,\"c\":4},\"quoted\":{\"<<\":1}}");
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1\\na: 2|f.yml:2:1: key 'a' is given twice, first at line 1",
                "a: &x [*x]|f.yml:1:4: alias '*x' contains itself",
                "a: *nothing|f.yml:1:4: broken YAML: found undefined alias nothing",
                "a: [1, 2|f.yml:1:9: broken YAML: expected ',' or ']', but got <stream end> (while parsing a flow sequence)",
                "a:\\n\\t- b|f.yml:2:1: broken YAML: found character '\\t(TAB)' that cannot start any token. (Do not use "
                        + "\\t(TAB) for indentation) (while scanning for the next token)",
                "a: 1\\n---\\nb: 2|f.yml:2:1: broken YAML: but found another document (expected a single document in the stream)",
                "``|f.yml:1:1: the file is empty, expected a mapping",
                "# only a comment|f.yml:1:1: the file is empty, expected a mapping",
                "a: !ruby/object {}|f.yml:1:4: tag '!ruby/object' means nothing here, expected an untagged value",
                "a: !!set {x}|f.yml:1:4: tag '!!set' means nothing here, expected an untagged value",
                "a: !!int x|f.yml:1:4: a value tagged '!!int' is \"x\" (a string)",
                "? [a]\\n: b|f.yml:1:3: a key is a list or a mapping, expected a word",
                "a: {<<: 5}|f.yml:1:9: '<<' is 5 (a whole number), expected a mapping or a list of mappings",
                "a: x\u0007y|f.yml:1:5: broken YAML: character U+0007 is not allowed",
                "%YAML 3.0\\n---\\na: 1|f.yml:1:1: broken YAML: found incompatible YAML document (version 1.* is required)",
            })
    void refusesByNameWhatItCannotTakeSafely(String yaml, String message) {
        parse(yaml.replace("\\n", "\n").replace("\\t", "\t"));
        assertThat(problems.all()).extracting(Object::toString).containsExactly(message.replace("\\t(", "\\t("));
    }

    @Test
    void unfoldsABillionLaughsNoFurtherThanAPersonWouldWrite() {
        var laughs = new StringBuilder("a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (int level = 1; level <= 9; level++) {
            laughs.append("a%d: &a%d [%s]\n".formatted(level, level, ("*a" + (level - 1) + ",").repeat(10)));
        }
        parse(laughs.toString());
        assertThat(problems.all()).singleElement().asString().contains("the aliases unfold to more than 500000 nodes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- "})
    void stopsBeforeTheStackDoes(String opening) {
        parse(opening.repeat(20_000));
        assertThat(problems.all()).singleElement().asString().contains("nested deeper than 60 levels");
    }

    @Test
    void readsTheLargestFileInTime() {
        parse("a: [" + "x, ".repeat(100_000) + "]\nb: '" + "y".repeat(400_000) + "'\n");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void refusesNumbersOfEndlessDigits() {
        assertThat(parse("1" + "0".repeat(100_000))).get().isInstanceOf(Node.Odd.class);
        assertThat(parse("1e999999999")).get().isInstanceOf(Node.Odd.class);
    }

    @Test
    void countsPlacesFromOne() {
        var root = (Node.Mapping) parse("\r\na: x\r\n  \r\nbb:   y\r\n").orElseThrow();
        assertThat(root.entries().get(1).place()).hasToString("f.yml:4:1");
        assertThat(root.entries().get(1).value().place()).hasToString("f.yml:4:7");
    }
}
