package dev.flusso.worker.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flusso.journal.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Documents the sink would not have, put away: a file beside the lane files, one JSON object a line, rewritten whole by
 * {@link #flush}, which comes before any checkpoint that passes them. The lane's thread writes it; anybody may read it.
 */
public final class DeadLetters {

    /** More than this many stop the lane: that is a fault of the mapping, not of documents. */
    public static final int LIMIT = 10_000;

    /**
     * One of them.
     *
     * @param index the generation that would not have it
     * @param id the document's {@code _id}
     * @param type the sink's word for the error
     * @param reason one line for people
     * @param position where in the journal the lane stood
     * @param at when, RFC 3339
     */
    public record Letter(String index, String id, String type, String reason, String position, String at) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    /** By generation and id: what one generation took another may not have. */
    private final Map<Address, Letter> letters = new LinkedHashMap<>();

    private record Address(String index, String id) {
        static Address of(Letter letter) {
            return new Address(letter.index(), letter.id());
        }
    }

    private boolean dirty;

    private DeadLetters(Path file) {
        this.file = file;
    }

    /** Reads what is there; an absent file means none. */
    public static DeadLetters open(Path file) throws IOException {
        var letters = new DeadLetters(file);
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    var letter = JSON.readValue(line, Letter.class);
                    letters.letters.put(Address.of(letter), letter);
                }
            }
        }
        return letters;
    }

    public int size() {
        return letters.size();
    }

    /** How many belong to one generation. */
    int count(String index) {
        var count = 0;
        for (var address : letters.keySet()) {
            count += address.index().equals(index) ? 1 : 0;
        }
        return count;
    }

    /** Whether there is one of this document already. */
    boolean has(String index, String id) {
        return letters.containsKey(new Address(index, id));
    }

    public Collection<Letter> all() {
        return List.copyOf(letters.values());
    }

    /** Puts one away; durable after the next {@link #flush}. */
    void put(String index, String id, String type, String reason, Position position, Instant at) {
        letters.put(new Address(index, id), new Letter(index, id, type, reason, position.toString(), at.toString()));
        dirty = true;
    }

    /** The document was written after all. */
    void settled(String index, String id) {
        if (!letters.isEmpty() && letters.remove(new Address(index, id)) != null) {
            dirty = true;
        }
    }

    /** Throws away those of generations that are no more; durable after the next {@link #flush}. */
    void keepOnly(Set<String> indexes) {
        dirty |= letters.keySet().removeIf(address -> !indexes.contains(address.index()));
    }

    /** Brings what changed to the disk; durable on return. */
    void flush() throws IOException {
        if (!dirty) {
            return;
        }
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var text = new StringBuilder();
        for (var letter : letters.values()) {
            text.append(line(letter)).append('\n');
        }
        var next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text);
        try (var channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        dirty = false;
    }

    private static String line(Letter letter) {
        try {
            return JSON.writeValueAsString(letter);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dead letter could not be written as JSON: " + letter, e);
        }
    }
}
