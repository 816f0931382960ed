package dev.flusso.postgres.document;

/**
 * How much is fetched at once. A document above a portion's limit is measured by the statement and not sent, so that what the driver holds
 * is never more than the portion's rows times its limit, however large documents have become since the last one; those are asked for
 * again, by a larger kind.
 */
enum Portion {
    /** For documents as they are nearly always. */
    SMALL(256, 32 << 10),
    MEDIUM(64, 128 << 10),
    LARGE(8, 1 << 20),
    /** One by one, and so of any size. */
    WHOLE(1, Long.MAX_VALUE);

    private final int rows;
    private final long documentBytes;

    Portion(int rows, long documentBytes) {
        this.rows = rows;
        this.documentBytes = documentBytes;
    }

    int rows() {
        return rows;
    }

    /** A larger document is not sent. */
    long documentBytes() {
        return documentBytes;
    }

    /** The smallest kind in which a document of this size is sent. */
    static Portion of(long bytes) {
        for (var portion : values()) {
            if (bytes <= portion.documentBytes) {
                return portion;
            }
        }
        return WHOLE;
    }

    /**
     * The kind to begin with next time: a larger one when many documents had to be asked for again, a smaller one when all would have fit
     * into it easily.
     *
     * @param sent documents that came
     * @param withheld documents that were only measured
     * @param largestBytes the largest that came
     */
    Portion following(int sent, int withheld, long largestBytes) {
        if (withheld * 8L > sent + withheld) {
            return larger();
        }
        var smaller = smaller();
        return sent > 0 && withheld == 0 && largestBytes <= smaller.documentBytes / 2 ? smaller : this;
    }

    private Portion larger() {
        return switch (this) {
            case SMALL -> MEDIUM;
            case MEDIUM -> LARGE;
            case LARGE, WHOLE -> WHOLE;
        };
    }

    private Portion smaller() {
        return switch (this) {
            case SMALL, MEDIUM -> SMALL;
            case LARGE -> MEDIUM;
            case WHOLE -> LARGE;
        };
    }
}
