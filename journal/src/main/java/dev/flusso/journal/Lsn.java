package dev.flusso.journal;

/**
 * A place in Postgres' write-ahead log: a byte offset since the cluster was made, written {@code 16/B374D848}.
 *
 * @param value the offset, compared unsigned; 0 is Postgres' "invalid" and stands before every real place
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /** Before every place in the log. */
    public static final Lsn ZERO = new Lsn(0);

    public static Lsn of(long value) {
        return value == 0 ? ZERO : new Lsn(value);
    }

    /** Reads Postgres' {@code X/Y}, two hexadecimal numbers of up to eight digits; anything else is refused. */
    public static Lsn parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw new IllegalArgumentException("'" + text + "' is not an LSN, expected a form like 16/B374D848");
        }
        try {
            var high = Long.parseUnsignedLong(text, 0, slash, 16);
            var low = Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
            return of(high << 32 | low);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not an LSN, expected a form like 16/B374D848", e);
        }
    }

    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    /** The later of the two. */
    public Lsn max(Lsn other) {
        return isAfter(other) ? this : other;
    }

    /** How many bytes of log lie from {@code earlier} to here; 0 when {@code earlier} is not earlier. */
    public long bytesSince(Lsn earlier) {
        return isAfter(earlier) ? value - earlier.value : 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
