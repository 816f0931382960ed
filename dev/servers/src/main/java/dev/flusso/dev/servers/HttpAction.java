package dev.flusso.dev.servers;

import java.time.Duration;
import java.util.function.Predicate;

/** What a rule does to a request. */
sealed interface HttpAction {

    enum Kind {
        ANSWER,
        RESET,
        DROP_RESPONSE,
        DELAY,
        REJECT_ITEMS,
        HOLD
    }

    Kind kind();

    /**
     * The proxy's own answer.
     *
     * @param body JSON, or empty for an error in OpenSearch's form
     */
    record Answer(int status, String body) implements HttpAction {

        public Answer {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status " + status + ", expected 200 to 599");
            }
        }

        @Override
        public Kind kind() {
            return Kind.ANSWER;
        }
    }

    /** No answer, nothing delivered. */
    record Reset() implements HttpAction {
        @Override
        public Kind kind() {
            return Kind.RESET;
        }
    }

    /** Delivered, the answer lost. */
    record DropResponse() implements HttpAction {
        @Override
        public Kind kind() {
            return Kind.DROP_RESPONSE;
        }
    }

    /** Delivered late. */
    record Delay(Duration pause) implements HttpAction {
        @Override
        public Kind kind() {
            return Kind.DELAY;
        }
    }

    /** Some items of a bulk answered by the proxy. */
    record RejectItems(int status, Predicate<BulkItem> rejected) implements HttpAction {
        @Override
        public Kind kind() {
            return Kind.REJECT_ITEMS;
        }
    }

    /** Delivered when the test says so. */
    record Hold() implements HttpAction {
        @Override
        public Kind kind() {
            return Kind.HOLD;
        }
    }
}
