package dev.flusso.cli.pipeline;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When each part came into the state it is in, as far as anybody looked. Any thread. */
final class StateTimes {

    private record Stay(Enum<?> state, Instant since) {}

    private final InstantSource clock;
    private final Map<String, Stay> stays = new ConcurrentHashMap<>();

    StateTimes(InstantSource clock) {
        this.clock = clock;
    }

    /** Since when {@code part} is in {@code state}. */
    Instant since(String part, Enum<?> state) {
        var now = clock.instant();
        return stays.merge(part, new Stay(state, now), (old, seen) -> old.state() == state ? old : seen)
                .since();
    }
}
