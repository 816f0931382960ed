package dev.flusso.worker.lane;

/** Notices that used columns are others now: they have other values, of which no event tells. The lane's thread. */
final class DefinitionWatch {

    private final Source source;
    private final Checkpoint checkpoint;
    private final Tail.Events events;
    private boolean said;

    DefinitionWatch(Source source, Checkpoint checkpoint, Tail.Events events) {
        this.source = source;
        this.checkpoint = checkpoint;
        this.events = events;
    }

    void step() {
        var now = source.definition();
        var begun = Notes.of(checkpoint.file(), Notes.DEFINITION);
        if (said || now.isEmpty() || now.equals(begun)) {
            return;
        }
        if (begun.isEmpty()) {
            checkpoint.note(Notes.DEFINITION, now);
        } else {
            said = true; // once: what is built because of it looks for itself
            events.mustRebuild(Rebuild.of(
                    Rebuild.Cause.REDEFINED, "a used table or column was redefined, its values may have changed"));
        }
    }
}
