package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.worker.SinkGeneration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a lane finds when it starts, after whatever death of its last worker, and what it makes of it.
 *
 * <p>Deaths leave: a WAITING file with or without its index; a SEEDING one; a TAILING one not yet served; a served one beside older files
 * and indexes not yet deleted; indexes without a file. An index without a file, and a file without its index, are of no use, unless
 * they are served or just begun.
 *
 * @param serving the file of the generation that is served; null when there is none
 * @param building the file of the generation that is to be served next; null when there is none
 * @param obsolete files to be deleted
 * @param rebuild why a new generation must be begun; null when it need not
 * @param isServed whether some generation of ours is served
 */
record Standing(
        @Nullable LaneFile serving,
        @Nullable LaneFile building,
        List<LaneFile> obsolete,
        @Nullable Rebuild rebuild,
        boolean isServed) {

    /**
     * Makes up its mind.
     *
     * @param files of this lane, by generation
     * @param generations the sink's, by number
     * @param hash of the schema as it is configured now
     * @param seedsNow whether generations that were begun without seeding are to be seeded now
     */
    static Standing of(List<LaneFile> files, List<SinkGeneration> generations, String hash, boolean seedsNow) {
        var served = generations.stream().filter(SinkGeneration::served).findFirst();
        var serving = served.flatMap(generation ->
                        files.stream().filter(file -> isOf(file, generation)).findFirst())
                .orElse(null);
        LaneFile building = null;
        var gone = "";
        for (var file : files) {
            if (file.equals(serving)) {
                continue;
            }
            var isNewer = served.isEmpty() || file.generation() > served.get().number();
            if (isNewer && isPresent(file, hash, seedsNow)) {
                if (isThere(file, generations)) {
                    building = file;
                } else {
                    gone = "index " + Notes.of(file, Notes.INDEX) + " is gone";
                }
            }
        }
        var isCurrent = serving != null && isPresent(serving, hash, seedsNow);
        return new Standing(
                serving,
                building,
                others(files, serving, building),
                isCurrent || building != null ? null : why(serving, served.orElse(null), gone, hash),
                served.isPresent());
    }

    /** For a sink without names to move: its one generation is what its file says. */
    static Standing ofPipe(List<LaneFile> files, String hash) {
        var last = files.isEmpty() ? null : files.get(files.size() - 1);
        var rebuild = last == null
                ? Rebuild.of(Rebuild.Cause.FIRST, "first")
                : isPresent(last, hash, false) ? null : Rebuild.of(Rebuild.Cause.SCHEMA, "the schema changed");
        if (last == null || rebuild != null) {
            return new Standing(null, null, List.of(), rebuild, false);
        }
        var isServing = last.phase() == LanePhase.TAILING;
        return new Standing(
                isServing ? last : null, isServing ? null : last, others(files, last, null), null, isServing);
    }

    private static boolean isOf(LaneFile file, SinkGeneration generation) {
        return generation.name().equals(Notes.of(file, Notes.INDEX));
    }

    /** Whether it is of the schema as it is configured now, and can go on. */
    private static boolean isPresent(LaneFile file, String hash, boolean seedsNow) {
        return Notes.of(file, Notes.HASH).equals(hash)
                && file.phase() != LanePhase.FROZEN
                && file.phase() != LanePhase.LOST
                && !(seedsNow && file.notes().containsKey(Notes.UNSEEDED));
    }

    private static boolean isThere(LaneFile file, List<SinkGeneration> generations) {
        return file.phase() == LanePhase.WAITING
                || generations.stream()
                        .anyMatch(generation ->
                                isOf(file, generation) && generation.uuid().equals(Notes.of(file, Notes.UUID)));
    }

    private static List<LaneFile> others(
            List<LaneFile> files, @Nullable LaneFile serving, @Nullable LaneFile building) {
        var others = new ArrayList<LaneFile>();
        for (var file : files) {
            if (!file.equals(serving) && !file.equals(building)) {
                others.add(file);
            }
        }
        return List.copyOf(others);
    }

    private static Rebuild why(@Nullable LaneFile serving, @Nullable SinkGeneration served, String gone, String hash) {
        if (serving == null && served != null) {
            return Rebuild.of(Rebuild.Cause.SINK, "nothing here tells how far " + served.name() + " has come");
        }
        if (serving == null) {
            return gone.isEmpty() ? Rebuild.of(Rebuild.Cause.FIRST, "first") : Rebuild.of(Rebuild.Cause.SINK, gone);
        }
        if (!Notes.of(serving, Notes.HASH).equals(hash)) {
            return Rebuild.of(Rebuild.Cause.SCHEMA, "the schema changed");
        }
        if (serving.notes().containsKey(Notes.FROZEN)) {
            return Rebuild.of(Rebuild.Cause.CUT_LOOSE, "frozen " + Notes.of(serving, Notes.FROZEN));
        }
        return Rebuild.of(Rebuild.Cause.FIRST, "begun without seeding");
    }
}
