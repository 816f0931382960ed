package dev.flusso.schema.lock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * JSON with a head that tells whether it is whole.
 *
 * @param program the version of the program that wrote it
 */
record Envelope(String program, JsonNode body) {

    static final int FORMAT = 1;

    private static final Pattern FORMAT_LINE = Pattern.compile("format ([0-9]{1,9})");
    private static final Pattern PROGRAM_LINE = Pattern.compile("program (\\S+)");
    private static final Pattern SUM_LINE = Pattern.compile("sha256 ([0-9a-f]{64}) of ([0-9]{1,10}) bytes");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    String text() {
        var body = pretty(this.body);
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        return "format " + FORMAT + "\nprogram " + program + "\nsha256 " + sha256(bytes) + " of " + bytes.length
                + " bytes\n" + body;
    }

    private static String pretty(JsonNode body) {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        try {
            return JSON.writer(printer).writeValueAsString(body) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a compiled form could not be written as JSON", e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    /**
     * Reads a text; lines that begin with {@code #} before the head are skipped.
     *
     * @param what what it is to the user, such as {@code lock}
     * @param file its name, for problems
     * @param remedy what to do when it cannot be used
     * @throws ConfigException when it is not what {@link #text} wrote
     */
    static Envelope parse(String text, String what, String file, String remedy) {
        // a checkout on another system may have changed the ends of lines, which JSON does not mind
        var lines = new Lines(text.replace("\r\n", "\n"));
        var format = FORMAT_LINE.matcher(lines.next());
        if (!format.matches()) {
            throw new ConfigException(Place.in(file), "this is no " + what + " of flusso; " + remedy);
        }
        if (Integer.parseInt(format.group(1)) != FORMAT) {
            throw new ConfigException(
                    Place.in(file),
                    "the " + what + " has format " + format.group(1) + ", this program reads format " + FORMAT + "; "
                            + remedy);
        }
        var program = PROGRAM_LINE.matcher(lines.next());
        var sum = SUM_LINE.matcher(lines.next());
        if (!program.matches() || !sum.matches()) {
            throw new ConfigException(Place.in(file), "the head of the " + what + " was edited or cut off; " + remedy);
        }
        var bytes = lines.rest().getBytes(StandardCharsets.UTF_8);
        long expected = Long.parseLong(sum.group(2));
        if (bytes.length < expected) {
            throw new ConfigException(
                    Place.in(file),
                    "the " + what + " is cut off: " + bytes.length + " of " + expected + " bytes are there; " + remedy);
        }
        if (bytes.length > expected || !sha256(bytes).equals(sum.group(1))) {
            throw new ConfigException(
                    Place.in(file), "the " + what + " was edited: its checksum does not fit; " + remedy);
        }
        try {
            return new Envelope(program.group(1), JSON.readTree(bytes));
        } catch (java.io.IOException e) {
            throw new ConfigException(Place.in(file), "the " + what + " holds no JSON; " + remedy);
        }
    }

    /** The head line by line, then the rest. */
    private static final class Lines {
        private String rest;

        Lines(String text) {
            rest = text;
            while (rest.startsWith("#")) {
                next();
            }
        }

        String next() {
            int end = rest.indexOf('\n');
            var line = end < 0 ? rest : rest.substring(0, end);
            rest = end < 0 ? "" : rest.substring(end + 1);
            return line;
        }

        String rest() {
            return rest;
        }
    }
}
