package dev.flusso.cli.pipeline;

import dev.flusso.worker.lane.LaneStatus;
import org.jspecify.annotations.Nullable;

/** What to do about the state a lane is in; docs/how-to/operate.md says more. */
final class Advice {

    private Advice() {}

    /** One line; null when nothing is to be done. */
    static @Nullable String about(LaneStatus lane) {
        return switch (lane.state()) {
            case WAITING, SEEDING, CATCHING_UP, LIVE -> null;
            case BLOCKED -> "mend what the reason names; the lane goes on by itself";
            case STOPPED ->
                "mend the row or the mapping ('flusso explain " + lane.lane().index()
                        + " --key <id>' shows the document), or set on_error = \"skip\"; the lane tries again by itself";
            case SINK_AWAY ->
                "see that sink '" + lane.lane().sink()
                        + "' is up, reachable and lets flusso write; the lane goes on by itself";
            case SOURCE_AWAY -> "see that Postgres is up and reachable; the lane goes on by itself";
            case CLOSED -> "nobody reads the pipe any more; start flusso again with a reader";
        };
    }
}
