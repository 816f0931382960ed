package dev.flusso.bench.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** All figures of a run, for people and for programs. */
record Report(Instant at, double scale, List<Figure> figures) {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final List<String> HEAD =
            List.of("figure", "unit", "limit", "ours", "ratio", "spread", "goal", "", "the limit is");

    Report {
        figures = List.copyOf(figures);
    }

    /** A table whose columns stand below one another. */
    String table() {
        var lines = new ArrayList<List<String>>();
        lines.add(HEAD);
        figures.forEach(figure -> lines.add(line(figure)));
        int[] widths = new int[HEAD.size()];
        for (var line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        var text = new StringBuilder();
        for (var line : lines) {
            var row = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                boolean number = i >= 2 && i <= 5;
                var cell = line.get(i);
                var gap = " ".repeat(widths[i] - cell.length());
                row.append(number ? gap + cell : cell + gap).append("  ");
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static List<String> line(Figure figure) {
        var first = figure.first();
        var spread = figure.spread();
        var judged = first.goal().kind() == Goal.Kind.NONE ? "" : figure.isMet() ? "met" : "MISSED";
        return List.of(
                first.figure(),
                first.unit(),
                Numbers.text(figure.limit()),
                Numbers.text(figure.ours()),
                Numbers.text(figure.ratio()),
                Numbers.text(spread[0]) + " … " + Numbers.text(spread[1]),
                first.goal().toString(),
                judged,
                first.limitName());
    }

    /** The same and each reading, as JSON. */
    void writeJson(Path file) throws IOException {
        var root = JSON.createObjectNode();
        root.put("at", at.truncatedTo(ChronoUnit.SECONDS).toString());
        root.put("java", System.getProperty("java.version"));
        root.put("processors", Runtime.getRuntime().availableProcessors());
        root.put("scale", scale);
        var all = root.putArray("figures");
        for (var figure : figures) {
            var first = figure.first();
            var node = all.addObject();
            node.put("contest", figure.contest());
            node.put("figure", first.figure());
            node.put("unit", first.unit());
            put(node, "limit", figure.limit());
            put(node, "ours", figure.ours());
            put(node, "ratio", figure.ratio());
            put(node, "lowest", figure.spread()[0]);
            put(node, "highest", figure.spread()[1]);
            node.put("limit_is", first.limitName());
            node.put("goal", first.goal().toString());
            node.put("met", figure.isMet());
            var rounds = node.putArray("rounds");
            for (var reading : figure.readings()) {
                var round = rounds.addObject();
                put(round, "limit", reading.limit());
                put(round, "ours", reading.ours());
            }
        }
        Files.writeString(file, JSON.writeValueAsString(root) + "\n");
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }
}
