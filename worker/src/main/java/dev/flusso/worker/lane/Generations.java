package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.schema.IndexConfig;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.lane.Lane.CompiledForm;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins a lane's generations, and goes on with those that have a file. The lane's thread. */
final class Generations {

    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private final LaneContext context;
    private final SinkIndex sinkIndex;
    private final IndexConfig index;
    private final Needs needs;
    private final CompiledForm form;
    private final DeadLetters letters;

    Generations(
            LaneContext context,
            SinkIndex sinkIndex,
            IndexConfig index,
            Needs needs,
            CompiledForm form,
            DeadLetters letters) {
        this.context = context;
        this.sinkIndex = sinkIndex;
        this.index = index;
        this.needs = needs;
        this.form = form;
        this.letters = letters;
    }

    /** The number of the next generation: above all there are in the sink and in files; a pipe has one. */
    int nextNumber() throws IOException {
        var number = 1;
        if (sinkIndex.hasGenerations()) {
            for (var generation : sinkIndex.generations()) {
                number = Math.max(number, generation.number() + 1);
            }
            for (var file : context.journal().lanes().of(context.name())) {
                number = Math.max(number, Notes.highestNumber(file) + 1);
            }
        }
        return number;
    }

    /**
     * Deletes files nobody needs any more. Their numbers are not given out again, or a request on its way since then could reach another
     * index of the same name.
     *
     * @param survivor a file that stays and remembers the numbers; null when all others are of higher ones
     */
    void delete(List<LaneFile> files, @Nullable GenerationRun survivor) throws IOException {
        var highest = files.stream().mapToInt(Notes::highestNumber).max().orElse(0);
        if (survivor != null && highest > Notes.highestNumber(survivor.file())) {
            survivor.noteHighestNumber(highest);
        }
        for (var file : files) {
            context.journal().lanes().delete(context.name(), file.generation());
        }
    }

    /** Begins a generation, durably. */
    GenerationRun begin(int number, Rebuild why, boolean unseeded) throws IOException {
        var notes = new TreeMap<String, String>();
        notes.put(Notes.INDEX, sinkIndex.generationName(number));
        notes.put(Notes.HASH, sinkIndex.hash());
        if (unseeded) {
            notes.put(Notes.UNSEEDED, "true");
        }
        why.note(notes);
        var file = new LaneFile(
                context.name(),
                number,
                LanePhase.WAITING,
                Position.BEGINNING,
                Lsn.ZERO,
                Seeding.NONE,
                0,
                letters.size(),
                needs,
                form.text(index),
                notes,
                context.clock().now());
        context.journal().lanes().save(file);
        return run(file, index, sinkIndex);
    }

    /** Goes on with a generation of the present schema. Same hash, same documents: what else changed in the config is taken over. */
    GenerationRun resumed(LaneFile file) {
        return run(LaneFiles.with(file, needs, form.text(index)), index, sinkIndex);
    }

    /** Goes on with the generation that is served, by its own schema. */
    GenerationRun served(LaneFile file) throws IOException {
        if (!isOfOldSchema(file)) {
            return resumed(file);
        }
        if (!file.phase().holdsHistory()) {
            return run(file, index, sinkIndex);
        }
        try {
            var old = form.parse(file.compiledSchema());
            return run(file, old, context.sink().index(old));
        } catch (RuntimeException e) { // of another program's version, perhaps
            var run = run(file, index, sinkIndex);
            run.freeze("its compiled schema cannot be read: " + e.getMessage());
            return run;
        }
    }

    /** Deletes what nobody needs any more: generations of ours that are neither served nor among these. */
    void keepOnly(Set<String> known) {
        for (var generation : sinkIndex.generations()) {
            if (!generation.served() && !known.contains(generation.name())) {
                LOG.info("dropped lane={} index={}", context.name(), generation.name());
                sinkIndex.drop(generation.name());
            } else {
                known.add(generation.name());
            }
        }
        letters.keepOnly(known);
    }

    boolean isOfOldSchema(LaneFile file) {
        return !Notes.of(file, Notes.HASH).equals(sinkIndex.hash());
    }

    private GenerationRun run(LaneFile file, IndexConfig of, SinkIndex in) {
        var target = file.notes().getOrDefault(Notes.INDEX, in.generationName(file.generation()));
        return new GenerationRun(context, file, of, in, target, letters);
    }
}
