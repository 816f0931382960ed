package dev.flusso.postgres.capture;

import dev.flusso.schema.IndexConfig;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A pipe that remembers which documents went through it. Any thread. */
final class RecordingSink implements Sink {

    private final Map<String, List<String>> written = new TreeMap<>();

    /** The ids written to an index since the last call, in their order. */
    synchronized List<String> take(String index) {
        var ids = written.remove(index);
        return ids == null ? List.of() : ids;
    }

    private synchronized void record(String index, List<DocumentWrite> writes) {
        var ids = written.computeIfAbsent(index, i -> new ArrayList<>());
        writes.forEach(write -> ids.add(write.id()));
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public long maxDocumentBytes() {
        return 1 << 20;
    }

    @Override
    public int inFlight() {
        return 2;
    }

    @Override
    public int batchSize() {
        return 1000;
    }

    @Override
    public long maxBytes() {
        return 10 << 20;
    }

    @Override
    public int maxRetries() {
        return 3;
    }

    @Override
    public SinkIndex index(IndexConfig index) {
        return new Pipe(index.name());
    }

    @Override
    public void close() {}

    /** One index of it. */
    private final class Pipe implements SinkIndex {

        private final String index;

        Pipe(String index) {
            this.index = index;
        }

        @Override
        public String hash() {
            return "0000abcd";
        }

        @Override
        public String generationName(int number) {
            return index;
        }

        @Override
        public boolean hasGenerations() {
            return false;
        }

        @Override
        public List<SinkGeneration> generations() {
            return List.of();
        }

        @Override
        public SinkGeneration create(int number) {
            return new SinkGeneration(index, hash(), number, "", "", true, null);
        }

        @Override
        public CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes) {
            record(index, writes);
            return CompletableFuture.completedFuture(Collections.nCopies(writes.size(), new Outcome.Written()));
        }

        @Override
        public void endSeeding(String generation) {}

        @Override
        public CompletableFuture<Void> refresh(String generation) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void serve(String generation) {}

        @Override
        public void drop(String generation) {}

        @Override
        public void remember(String generation, SinkMemory acknowledged, SinkMemory memory) {}
    }
}
