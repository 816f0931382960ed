package dev.flusso.worker.lane;

import dev.flusso.schema.IndexConfig;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A sink during whose calls the worker dies: before the call, or after what it asked for was done. */
record DeadlySink(Sink sink, BooleanSupplier dies) implements Sink {

    /** The worker is dead. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private void moment() {
        if (dies.getAsBoolean()) {
            throw new Killed();
        }
    }

    private void around(Runnable call) {
        moment();
        call.run();
        moment();
    }

    @Override
    public String name() {
        return sink.name();
    }

    @Override
    public long maxDocumentBytes() {
        return sink.maxDocumentBytes();
    }

    @Override
    public int inFlight() {
        return sink.inFlight();
    }

    @Override
    public int batchSize() {
        return sink.batchSize();
    }

    @Override
    public long maxBytes() {
        return sink.maxBytes();
    }

    @Override
    public int maxRetries() {
        return sink.maxRetries();
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }

    @Override
    public SinkIndex index(IndexConfig config) {
        var index = sink.index(config);
        return new SinkIndex() {
            @Override
            public String hash() {
                return index.hash();
            }

            @Override
            public String generationName(int number) {
                return index.generationName(number);
            }

            @Override
            public boolean hasGenerations() {
                return index.hasGenerations();
            }

            @Override
            public List<SinkGeneration> generations() {
                moment();
                return index.generations();
            }

            @Override
            public SinkGeneration create(int number) {
                moment();
                var created = index.create(number);
                moment();
                return created;
            }

            @Override
            public CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes) {
                return index.write(generation, writes);
            }

            @Override
            public void endSeeding(String generation) {
                around(() -> index.endSeeding(generation));
            }

            @Override
            public CompletableFuture<Void> refresh(String generation) {
                return index.refresh(generation);
            }

            @Override
            public void serve(String generation) {
                around(() -> index.serve(generation));
            }

            @Override
            public boolean isServing() {
                moment();
                return index.isServing();
            }

            @Override
            public void drop(String generation) {
                around(() -> index.drop(generation));
            }

            @Override
            public void remember(String generation, SinkMemory acknowledged, SinkMemory memory) {
                around(() -> index.remember(generation, acknowledged, memory));
            }
        };
    }
}
