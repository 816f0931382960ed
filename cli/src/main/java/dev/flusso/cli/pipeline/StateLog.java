package dev.flusso.cli.pipeline;

import dev.flusso.cli.status.Probe;
import dev.flusso.worker.lane.LaneStatus;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Says each change of a state once, and nothing while it stays. One thread. */
final class StateLog {

    private static final Logger LOG = LoggerFactory.getLogger(StateLog.class);

    private final Map<String, String> states = new HashMap<>();
    private @Nullable Boolean ready;

    /** A lane as it is. */
    void lane(LaneStatus lane) {
        var state = Views.state(lane).toString();
        var was = states.put(lane.lane().toString(), state);
        if (was == null || was.equals(state)) {
            return;
        }
        LOG.atLevel(lane.isReady() ? Level.INFO : Level.WARN)
                .log(
                        "lane state changed lane={} state={} was={} reason={}",
                        lane.lane(),
                        state,
                        was,
                        lane.reason().isEmpty() ? "none" : lane.reason());
    }

    /** The capture half as it is. */
    void capture(dev.flusso.capture.CaptureStatus capture) {
        var state = Views.state(capture.phase()).toString();
        var was = states.put("capture", state);
        if (was == null || was.equals(state)) {
            return;
        }
        LOG.atLevel(Views.isTrouble(capture.phase()) ? Level.WARN : Level.INFO)
                .log(
                        "capture state changed state={} was={} reason={}",
                        state,
                        was,
                        capture.detail().isEmpty() ? "none" : capture.detail());
    }

    /** Readiness as it is. */
    void readiness(Probe probe) {
        var was = ready;
        ready = probe.isFine();
        if (was == null || was != probe.isFine()) {
            if (probe.isFine()) {
                LOG.info("ready");
            } else {
                LOG.warn("not ready reason={}", String.join("; ", probe.troubles()));
            }
        }
    }
}
