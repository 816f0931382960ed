package dev.flusso.journal.chronicle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** A lane file as JSON, for people to read and for us to read again. */
final class LaneText {

    static final String KIND = "flusso-lane";
    static final int VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private LaneText() {}

    static String print(LaneFile file) {
        var root = JSON.createObjectNode();
        root.put("lane", file.lane().toString());
        root.put("generation", file.generation());
        root.put("phase", file.phase().name());
        root.put("position", file.position().toString());
        root.put("lsn", file.lsn().toString());
        root.put("highest_version", file.highestVersion());
        root.put("dead_letters", file.deadLetters());
        root.put("written_at", file.writtenAt().toString());
        if (!file.seeding().equals(Seeding.NONE)) {
            var seeding = root.putObject("seeding");
            texts(seeding.putArray("plan"), file.seeding().plan());
            var finished = seeding.putArray("finished");
            file.seeding().finished().forEach(finished::add);
            seeding.put("documents", file.seeding().documents());
            seeding.put("estimate", file.seeding().estimate());
        }
        var needs = root.putArray("needs");
        file.needs().tables().forEach((table, need) -> {
            var node = needs.addObject();
            node.put("schema", table.schema());
            node.put("table", table.name());
            texts(node.putArray("key_columns"), need.keyColumns());
            texts(node.putArray("reference_columns"), need.referenceColumns());
        });
        var notes = root.putObject("notes");
        file.notes().forEach(notes::put);
        root.put("compiled_schema", file.compiledSchema());
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot print the lane file of " + file.lane(), e);
        }
    }

    /** Anything that is not a lane file is an {@link IllegalArgumentException} saying why. */
    static LaneFile parse(String text) {
        try {
            return parse(JSON.readTree(text));
        } catch (JsonProcessingException | DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static LaneFile parse(JsonNode root) {
        var needs = new TreeMap<TableName, TableNeed>();
        for (var node : array(root, "needs")) {
            needs.put(
                    TableName.of(text(node, "schema"), text(node, "table")),
                    TableNeed.of(texts(node, "key_columns"), texts(node, "reference_columns")));
        }
        var notes = new TreeMap<String, String>();
        member(root, "notes")
                .properties()
                .forEach(note -> notes.put(note.getKey(), note.getValue().asText()));
        return new LaneFile(
                LaneName.parse(text(root, "lane")),
                (int) number(root, "generation"),
                LanePhase.valueOf(text(root, "phase")),
                Position.parse(text(root, "position")),
                Lsn.parse(text(root, "lsn")),
                root.has("seeding") ? seeding(member(root, "seeding")) : Seeding.NONE,
                number(root, "highest_version"),
                number(root, "dead_letters"),
                new Needs(needs),
                text(root, "compiled_schema"),
                notes,
                Instant.parse(text(root, "written_at")));
    }

    private static Seeding seeding(JsonNode node) {
        var finished = new ArrayList<Integer>();
        array(node, "finished").forEach(range -> finished.add(range.asInt(-1)));
        return new Seeding(texts(node, "plan"), finished, number(node, "documents"), number(node, "estimate"));
    }

    private static void texts(ArrayNode array, Collection<String> texts) {
        texts.forEach(array::add);
    }

    private static List<String> texts(JsonNode node, String name) {
        var texts = new ArrayList<String>();
        array(node, name).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static ArrayNode array(JsonNode node, String name) {
        if (node.get(name) instanceof ArrayNode array) {
            return array;
        }
        throw new IllegalArgumentException("'" + name + "' is missing or no array");
    }

    private static ObjectNode member(JsonNode node, String name) {
        if (node.get(name) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("'" + name + "' is missing or no object");
    }

    private static String text(JsonNode node, String name) {
        var value = node.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + name + "' is missing or no text");
        }
        return value.asText();
    }

    private static long number(JsonNode node, String name) {
        var value = node.path(name);
        if (!value.canConvertToLong()) {
            throw new IllegalArgumentException("'" + name + "' is missing or no number");
        }
        return value.asLong();
    }
}
