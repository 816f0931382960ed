package dev.flusso.worker;

/** What became of one document the sink was given. */
public sealed interface Outcome {

    /** Whether the checkpoint may pass this document. */
    boolean settled();

    /** It is in the sink, or gone from it. */
    record Written() implements Outcome {
        @Override
        public boolean settled() {
            return true;
        }
    }

    /** A newer version is there already. */
    record NewerThere() implements Outcome {
        @Override
        public boolean settled() {
            return true;
        }
    }

    /** The sink was too busy for it; ask again later. Never a rejection. */
    record Busy(String reason) implements Outcome {
        @Override
        public boolean settled() {
            return false;
        }
    }

    /**
     * The sink will not have it as it is.
     *
     * @param type the sink's word for the kind of error, such as {@code mapper_parsing_exception}
     * @param reason one line for people
     */
    record Rejected(String type, String reason) implements Outcome {
        @Override
        public boolean settled() {
            return false;
        }
    }
}
