package dev.flusso.worker.lane;

import dev.flusso.journal.LaneName;
import java.time.Duration;

/** Is told what a lane does, for metrics. Called on the lane's thread, except where a method says otherwise; must not block. */
public interface LaneMonitor {

    /** Changes were read from the journal, of whatever table. */
    void read(LaneName lane, int changes);

    /** A set of root keys was found in so much time. Any thread. */
    void resolved(LaneName lane, int keys, Duration took);

    /** So many documents were built in so much time. Any thread. */
    void built(LaneName lane, int documents, Duration took);

    /** A request to the sink was answered. */
    void flushed(LaneName lane, int documents, Duration took);

    /** A batch was settled; its newest transaction committed so long ago. */
    void settled(LaneName lane, int changes, Duration sinceCommit);

    /** A seeding wrote so many documents. */
    void seeded(LaneName lane, int documents);

    /** A seeding came to its end. */
    void seedingFinished(LaneName lane);

    /** A document was put away as a dead letter. */
    void quarantined(LaneName lane);

    /** Something failed and will be tried again. */
    void failed(LaneName lane, String what);

    /** Ignores everything. */
    LaneMonitor NONE = new LaneMonitor() {
        @Override
        public void read(LaneName lane, int changes) {}

        @Override
        public void resolved(LaneName lane, int keys, Duration took) {}

        @Override
        public void built(LaneName lane, int documents, Duration took) {}

        @Override
        public void flushed(LaneName lane, int documents, Duration took) {}

        @Override
        public void settled(LaneName lane, int changes, Duration sinceCommit) {}

        @Override
        public void seeded(LaneName lane, int documents) {}

        @Override
        public void seedingFinished(LaneName lane) {}

        @Override
        public void quarantined(LaneName lane) {}

        @Override
        public void failed(LaneName lane, String what) {}
    };
}
