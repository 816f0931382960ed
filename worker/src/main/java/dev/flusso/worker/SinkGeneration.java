package dev.flusso.worker;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A generation as it is in the sink.
 *
 * @param name its index' name
 * @param hash the hash in its name
 * @param number its number
 * @param uuid what tells it from another index of the same name
 * @param history what tells it from an older copy of itself ({@code history_uuid}); empty when the sink cannot tell
 * @param served whether the plain alias points to it
 * @param memory what the sink remembers of it; null when nothing
 */
public record SinkGeneration(
        String name,
        String hash,
        int number,
        String uuid,
        String history,
        boolean served,
        @Nullable SinkMemory memory) {

    /** By number; of two hashes with the same number, by name. */
    public static final Comparator<SinkGeneration> BY_NUMBER =
            Comparator.comparingInt(SinkGeneration::number).thenComparing(SinkGeneration::name);
}
