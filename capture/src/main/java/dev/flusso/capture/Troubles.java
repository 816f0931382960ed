package dev.flusso.capture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what went wrong and keeps the last of it; the same trouble again is not logged again. One thread. */
final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private long count;
    private String last = "";

    void noted(Exception e) {
        count++;
        var message = String.valueOf(e.getMessage());
        if (!message.equals(last)) {
            LOG.warn("trouble: {}", message);
        }
        last = message;
    }

    long count() {
        return count;
    }

    /** Empty when there was none. */
    String last() {
        return last;
    }
}
