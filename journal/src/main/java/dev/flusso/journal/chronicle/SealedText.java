package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A small text file that can tell whether it is whole. Its first line names what it is, its format version, length and checksum of
 * the rest:
 *
 * <pre>
 * flusso-lane 1 crc32c=9ab3f00d bytes=712
 * { … }
 * </pre>
 */
final class SealedText {

    private static final Pattern FIRST_LINE =
            Pattern.compile("(\\S+) (\\d{1,9}) crc32c=([0-9a-f]{8}) bytes=(\\d{1,9})");

    private SealedText() {}

    /** The file is not what its name promises. */
    static final class BrokenSealException extends Exception {

        private static final long serialVersionUID = 1;

        BrokenSealException(String message) {
            super(message);
        }
    }

    static void write(Path file, String kind, int version, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var firstLine = "%s %d crc32c=%08x bytes=%d\n".formatted(kind, version, checksum(bytes), bytes.length);
        var head = firstLine.getBytes(StandardCharsets.UTF_8);
        var all = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        Disk.replace(file, all);
    }

    /** The text below the first line. */
    static String read(Path file, String kind, int version) throws IOException, BrokenSealException {
        var all = Files.readAllBytes(file);
        var end = 0;
        while (end < all.length && all[end] != '\n') {
            end++;
        }
        var firstLine = new String(all, 0, end, StandardCharsets.UTF_8);
        var matcher = FIRST_LINE.matcher(firstLine.strip());
        if (end == all.length || !matcher.matches() || !matcher.group(1).equals(kind)) {
            throw new BrokenSealException("its first line is '" + excerpt(firstLine) + "', expected '" + kind + " "
                    + version + " crc32c=… bytes=…'");
        }
        if (Integer.parseInt(matcher.group(2)) != version) {
            throw new BrokenSealException("its format version is " + matcher.group(2) + ", expected " + version
                    + ": it was written by another release of flusso");
        }
        var length = Integer.parseInt(matcher.group(4));
        if (all.length - end - 1 != length) {
            throw new BrokenSealException(
                    "it has " + (all.length - end - 1) + " bytes after its first line, expected " + length);
        }
        var crc = new CRC32C();
        crc.update(all, end + 1, length);
        var found = "%08x".formatted(crc.getValue());
        if (!found.equals(matcher.group(3))) {
            throw new BrokenSealException("its checksum is " + found + ", expected " + matcher.group(3));
        }
        return new String(all, end + 1, length, StandardCharsets.UTF_8);
    }

    private static long checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static String excerpt(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
