package dev.flusso.capture;

import java.time.Duration;

/** Is told what capture does, for metrics. Called on capture's thread; must not block. */
public interface CaptureMonitor {

    /** So many events of the source were turned into entries and appended. */
    void appended(int events, Duration took);

    /** An appended commit is on disk, so long after it was appended. Of those that came together the oldest is told. */
    void durable(Duration took);

    /** Ignores everything. */
    CaptureMonitor NONE = new CaptureMonitor() {
        @Override
        public void appended(int events, Duration took) {}

        @Override
        public void durable(Duration took) {}
    };
}
