package dev.flusso.worker;

import org.jspecify.annotations.Nullable;

/**
 * What the database said of one key.
 *
 * @param asked the key
 * @param askedId the {@code _id} the asked key has, as spelled
 * @param document what was found; null when there is no such document (no row, soft-deleted, outside the filters)
 */
public record Answer(Key asked, String askedId, @Nullable Found document) {

    /**
     * A document.
     *
     * @param id its {@code _id}, of the row found; where it differs from the one asked for, that one is to be deleted
     * @param json the finished document, one line of UTF-8; empty when it was too large to be fetched, or refused. Not copied: do not
     *     write to it
     * @param bytes its size as the database measured it
     * @param refused why it must not be sent as it is, so that it counts as rejected; null when it may be
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes go on untouched
    public record Found(String id, byte[] json, long bytes, Outcome.@Nullable Rejected refused) {

        public Found(String id, byte[] json, long bytes) {
            this(id, json, bytes, null);
        }

        /** One that cannot be made, or not so that the sink would hold what the row holds. */
        public static Found refused(String id, Outcome.Rejected why) {
            return new Found(id, new byte[0], 0, why);
        }

        /** Whether it is larger than was allowed, and so was not fetched. */
        public boolean tooLarge() {
            return json.length == 0 && bytes > 0;
        }
    }
}
