package dev.flusso.worker;

/** One document to be put into, or taken out of, a generation. */
public sealed interface DocumentWrite {

    String id();

    /** The higher version wins in the sink. */
    long version();

    /** How many bytes it takes in a request, roughly. */
    int bytes();

    /**
     * Put it there whole.
     *
     * @param json one line of UTF-8; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes go on untouched
    record Upsert(String id, long version, byte[] json) implements DocumentWrite {
        @Override
        public int bytes() {
            return json.length + id.length() + 96;
        }
    }

    /** Take it away. */
    record Delete(String id, long version) implements DocumentWrite {
        @Override
        public int bytes() {
            return id.length() + 96;
        }
    }
}
