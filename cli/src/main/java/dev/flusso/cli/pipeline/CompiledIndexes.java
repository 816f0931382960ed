package dev.flusso.cli.pipeline;

import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.lock.CompiledIndex;
import dev.flusso.worker.lane.Lane;

/** How the indexes of one sink stand in lane files: as the lock has them. */
final class CompiledIndexes implements Lane.CompiledForm {

    private final SinkConfig sink;
    private final IndexConfig present;
    private final String program;

    /** @param present the index as it is configured now: what a lane file does not say is taken from it */
    CompiledIndexes(SinkConfig sink, IndexConfig present, String program) {
        this.sink = sink;
        this.present = present;
        this.program = program;
    }

    @Override
    public String text(IndexConfig index) {
        return CompiledIndex.of(index, sink).text(program);
    }

    @Override
    public IndexConfig parse(String text) {
        var compiled = CompiledIndex.parse(text, "the lane file of " + sink.name() + "/" + present.name());
        return new IndexConfig(
                compiled.index(),
                true,
                present.onError(),
                compiled.schema(),
                compiled.schema().place());
    }
}
