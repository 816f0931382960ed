package dev.flusso.opensearch;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of one index' generations and aliases, drawn in the package's documentation.
 *
 * @param plain the plain alias: prefix and name
 */
record Names(String plain) {

    /** A generation's number that no lane comes to. */
    static final int NEVER_USED = 999_999_999;

    private static final Pattern REST = Pattern.compile("_([0-9a-f]{8})_([1-9]\\d{0,8})");

    /** A generation's name, taken apart. */
    record Parts(String hash, int number) {}

    String generation(String hash, int number) {
        return plain + "_" + hash + "_" + number;
    }

    /** A name taken apart; empty when no generation of this index has it. */
    Optional<Parts> parts(String generation) {
        if (!generation.startsWith(plain)) {
            return Optional.empty();
        }
        var matcher = REST.matcher(generation.substring(plain.length()));
        return matcher.matches()
                ? Optional.of(new Parts(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** The hash alias of a generation of this index. */
    String hashAlias(String generation) {
        var parts = parts(generation)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + generation + "' is no generation of '" + plain + "', expected " + plain + "_<hash>_<n>"));
        return plain + "_" + parts.hash();
    }

    /** The alias through which an index is written: {@code require_alias} keeps a bulk request from creating it anew. */
    static String writeAlias(String index) {
        return index + "_write";
    }
}
