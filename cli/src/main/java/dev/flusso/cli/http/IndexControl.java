package dev.flusso.cli.http;

import dev.flusso.cli.status.StatusReport.IndexPhase;
import java.util.Map;

/** What the private surface lets an operator do. Any thread; answers at once. */
public interface IndexControl {

    /** Every index of the config and how far it is, the least advanced lane of each. */
    Map<String, IndexPhase> indexes();

    /** Asks for a new generation of an index in each of its sinks. The work goes on after the answer. */
    Reindex reindex(String index);

    /** What became of the wish. */
    enum Reindex {
        /** It will be built, or is being built already. */
        ACCEPTED,
        /** There is no such index. */
        UNKNOWN,
        /** Cannot take it now: the process starts or stops. */
        UNAVAILABLE
    }
}
