package dev.flusso.capture;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what went wrong and keeps the last of it; the same trouble again is not logged again until all was well. One thread. */
final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    /** Different words of one trouble that are remembered as said. */
    private static final int MOST = 100;

    private final Set<String> said = new HashSet<>();
    private long count;
    private String last = "";

    void noted(Exception e) {
        count++;
        var message = String.valueOf(e.getMessage());
        if (said.size() < MOST && said.add(message)) {
            LOG.warn("capture trouble error={}", message);
        }
        last = message;
    }

    /** All is well: what goes wrong from now on is news. */
    void over() {
        said.clear();
    }

    long count() {
        return count;
    }

    /** Empty when there was none. */
    String last() {
        return last;
    }
}
