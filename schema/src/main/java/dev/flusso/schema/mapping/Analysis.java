package dev.flusso.schema.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.SinkConfig.TextAnalysis;
import java.util.List;
import java.util.Map;

/**
 * The analyzers and normalizers flusso defines in each index. Any change here that changes what is indexed must raise {@link
 * IndexBody#ANALYSIS_VERSION}.
 *
 * <p>The rank of an enum's value is made by two character filters: the first puts a mark before and behind the value, the second
 * replaces each marked variant by its rank. So a variant is matched whole or not at all, though one may contain another; and what is not
 * on the list keeps its mark, which sorts after every digit.
 */
final class Analysis {

    static final String CODE = "flusso_code";
    static final String TEXT = "flusso_text";
    static final String LOWERCASE = "flusso_lowercase";

    private static final String WORD_DELIMITER = "flusso_word_delimiter";
    private static final String MARK = "flusso_mark";
    private static final char BEGIN = '\uE000';
    private static final char END = '\uE001';

    private Analysis() {}

    /** @param orders the variants of each ordered enum, by its path */
    static ObjectNode of(TextAnalysis kind, Map<String, List<String>> orders) {
        var analysis = JsonNodeFactory.instance.objectNode();
        analysis.putObject("filter")
                .putObject(WORD_DELIMITER)
                .put("type", "word_delimiter_graph")
                .put("catenate_all", true)
                .put("preserve_original", true);
        if (!orders.isEmpty()) {
            charFilters(analysis.putObject("char_filter"), orders);
        }
        analyzers(analysis.putObject("analyzer"), kind);
        normalizers(analysis.putObject("normalizer"), kind, orders);
        return analysis;
    }

    private static void charFilters(ObjectNode filters, Map<String, List<String>> orders) {
        filters.putObject(MARK)
                .put("type", "pattern_replace")
                .put("pattern", "(?s)\\A(.*)\\z")
                .put("replacement", BEGIN + "$1" + END);
        orders.forEach((path, variants) -> {
            var rules =
                    filters.putObject(normalizer(path)).put("type", "mapping").putArray("mappings");
            int width = String.valueOf(variants.size() - 1).length();
            for (int rank = 0; rank < variants.size(); rank++) {
                var padded = "0".repeat(width - String.valueOf(rank).length()) + rank;
                rules.add(BEGIN + escaped(variants.get(rank)) + END + " => " + padded);
            }
        });
    }

    /** A rule's left side: a backslash escapes, and a rule is one line. */
    private static String escaped(String variant) {
        var escaped = new StringBuilder();
        for (int at = 0; at < variant.length(); at++) {
            char c = variant.charAt(at);
            if (c == '\\') {
                escaped.append("\\\\");
            } else if (c < ' ') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static void analyzers(ObjectNode analyzers, TextAnalysis kind) {
        boolean icu = kind == TextAnalysis.ICU;
        analyzers
                .putObject(CODE)
                .put("type", "custom")
                .put("tokenizer", "whitespace")
                .putArray("filter")
                .add(WORD_DELIMITER)
                .add("flatten_graph")
                .add("lowercase")
                .add(icu ? "icu_folding" : "asciifolding");
        analyzers
                .putObject(TEXT)
                .put("type", "custom")
                .put("tokenizer", icu ? "icu_tokenizer" : "standard")
                .putArray("filter")
                .add(icu ? "icu_normalizer" : "lowercase")
                .add(icu ? "icu_folding" : "asciifolding");
    }

    private static void normalizers(ObjectNode normalizers, TextAnalysis kind, Map<String, List<String>> orders) {
        var filters = normalizers.putObject(LOWERCASE).put("type", "custom").putArray("filter");
        if (kind == TextAnalysis.ICU) {
            filters.add("icu_normalizer");
        } else {
            filters.add("lowercase").add("asciifolding");
        }
        for (var path : orders.keySet()) {
            normalizers
                    .putObject(normalizer(path))
                    .put("type", "custom")
                    .putArray("char_filter")
                    .add(MARK)
                    .add(normalizer(path));
        }
    }

    /** The name of the normalizer of an ordered enum; a path holds no hyphen, so two paths never share one. */
    static String normalizer(String path) {
        return "flusso_order_" + path.replace('.', '-');
    }
}
