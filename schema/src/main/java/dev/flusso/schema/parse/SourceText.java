package dev.flusso.schema.parse;

import dev.flusso.schema.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file as text, or says why that is not possible. */
final class SourceText {

    /** Far more than anyone writes by hand, and read in well under a second. */
    static final int MAX_BYTES = 1 << 20;

    private static final char BOM = '\uFEFF';

    private SourceText() {}

    /**
     * @param shown the file as the user names it
     * @param what what it is to the user, such as {@code schema file}
     */
    static Optional<String> read(Path file, String shown, String what, Place askedAt, Problems problems) {
        try {
            if (Files.isDirectory(file)) {
                problems.add(askedAt, what + " '" + shown + "' is a directory, expected a file");
                return Optional.empty();
            }
            var bytes = bytes(file);
            if (bytes.length > MAX_BYTES) {
                problems.add(
                        askedAt,
                        what + " '" + shown + "' is larger than " + MAX_BYTES
                                + " bytes, expected a text of that size at most");
                return Optional.empty();
            }
            return decode(bytes, shown, problems);
        } catch (NoSuchFileException e) {
            problems.add(askedAt, what + " '" + shown + "' does not exist");
        } catch (AccessDeniedException e) {
            problems.add(askedAt, what + " '" + shown + "' may not be read by this user");
        } catch (IOException e) {
            problems.add(askedAt, what + " '" + shown + "' cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** At most one byte more than allowed: what is no regular file may never end. */
    private static byte[] bytes(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            return stream.readNBytes(MAX_BYTES + 1);
        }
    }

    private static Optional<String> decode(byte[] bytes, String shown, Problems problems) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var result = decoder.decode(in, out, true);
        out.flip();
        var text = out.toString();
        if (result.isError()) {
            int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
            int column = text.length() - text.lastIndexOf('\n');
            problems.add(
                    new Place(shown, line, column),
                    String.format("byte 0x%02x is not UTF-8, expected a text in UTF-8", bytes[in.position()] & 0xff));
            return Optional.empty();
        }
        return Optional.of(!text.isEmpty() && text.charAt(0) == BOM ? text.substring(1) : text);
    }
}
