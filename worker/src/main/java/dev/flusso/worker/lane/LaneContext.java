package dev.flusso.worker.lane;

import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneName;
import dev.flusso.schema.OnError;
import dev.flusso.worker.RowReader;
import dev.flusso.worker.Sink;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What the parts of a lane share.
 *
 * @param reading runs questions to the database and to the sink's control surface; shared by all lanes
 * @param seeding runs scans; shared by all lanes
 * @param room for documents; shared by all lanes
 */
record LaneContext(
        LaneName name,
        Journal journal,
        RowReader rows,
        Sink sink,
        OnError onError,
        LaneOptions options,
        Executor reading,
        Executor seeding,
        DocumentRoom room,
        Clock clock,
        RandomGenerator random,
        LaneMonitor monitor,
        Mailbox mailbox) {

    /** The same, without what the old one's threads still have to say. */
    LaneContext anew() {
        return new LaneContext(
                name,
                journal,
                rows,
                sink,
                onError,
                options,
                reading,
                seeding,
                room,
                clock,
                random,
                monitor,
                new Mailbox());
    }

    Asker asker() {
        return new Asker(reading, mailbox);
    }
}
