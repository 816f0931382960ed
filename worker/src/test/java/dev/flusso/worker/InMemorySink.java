package dev.flusso.worker;

import dev.flusso.schema.IndexConfig;
import dev.flusso.worker.InMemoryIndexes.Document;
import dev.flusso.worker.InMemoryIndexes.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * OpenSearch as far as lanes know it: versions with tombstones, generations, aliases, refreshes, memory. {@link SinkContract} holds it to
 * what the real one does.
 *
 * <p>Any thread. A write is applied and answered on the calling thread, unless {@link #hold} holds requests back or a {@link Fault} is set.
 * The methods an operator's hand or a test needs come last.
 */
public final class InMemorySink implements Sink {

    /** What goes wrong. Called once for each write of a request, before anything of that request is applied. */
    @FunctionalInterface
    public interface Fault {
        /**
         * Decides about one document.
         *
         * @return the outcome instead of writing this document; null to write it
         * @throws SinkException to fail the whole request, of which nothing is applied then
         */
        @Nullable
        Outcome of(String generation, DocumentWrite write);
    }

    /** See {@link Sink}. */
    public record Limits(long maxDocumentBytes, int inFlight, int batchSize, long maxBytes, int maxRetries) {}

    private final String name;
    private final String prefix;
    private Limits limits = new Limits(32 << 20, 2, 1000, 10 << 20, 3);
    private Function<IndexConfig, String> hash = InMemorySink::hashOf;
    private Fault fault = (generation, write) -> null;
    private @Nullable SinkException away;
    private SinkException.@Nullable Kind unlisted;
    private boolean holding;
    private long nextUuid = 1;
    private boolean historiesHidden;
    private long requests;
    private InMemoryIndexes state = new InMemoryIndexes();
    private final List<HeldWrite> held = new ArrayList<>();

    private InMemorySink(String name, String prefix) {
        this.name = name;
        this.prefix = prefix;
    }

    public static InMemorySink named(String name) {
        return new InMemorySink(name, "");
    }

    public static InMemorySink named(String name, String prefix) {
        return new InMemorySink(name, prefix);
    }

    private static String hashOf(IndexConfig config) {
        var names = new StringBuilder();
        config.schema()
                .fields()
                .forEach(field -> names.append(field.name()).append(':').append(field.kind()));
        return String.format("%08x", names.toString().hashCode());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized long maxDocumentBytes() {
        return limits.maxDocumentBytes;
    }

    @Override
    public synchronized int inFlight() {
        return limits.inFlight;
    }

    @Override
    public synchronized int batchSize() {
        return limits.batchSize;
    }

    @Override
    public synchronized long maxBytes() {
        return limits.maxBytes;
    }

    @Override
    public synchronized int maxRetries() {
        return limits.maxRetries;
    }

    @Override
    public synchronized SinkIndex index(IndexConfig index) {
        return new Index(prefix + index.name(), hash.apply(index));
    }

    @Override
    public void close() {}

    // ---- what a test does to it ----

    /** Changes the limits. */
    public synchronized InMemorySink limits(Limits newLimits) {
        this.limits = newLimits;
        return this;
    }

    /** Changes what the hash of an index is, for indexes asked for from now on: eight hex digits. */
    public synchronized InMemorySink hash(Function<IndexConfig, String> newHash) {
        this.hash = newHash;
        return this;
    }

    /** Lets writes go wrong from now on. */
    public synchronized void fault(Fault newFault) {
        this.fault = newFault;
    }

    /** Fails each call of whatever kind with this kind of failure, until {@link #heal}. */
    public synchronized void away(SinkException.Kind kind) {
        this.away = new SinkException(kind, "sink '" + name + "' is away, as the test wants it");
    }

    /** Fails to list what there is, and nothing else, until {@link #heal}. */
    public synchronized void hideGenerations(SinkException.Kind kind) {
        this.unlisted = kind;
    }

    /** Ends {@link #fault}, {@link #away} and {@link #hideGenerations}. */
    public synchronized void heal() {
        this.unlisted = null;
        this.fault = (generation, write) -> null;
        this.away = null;
    }

    /** Keeps write requests from now on until {@link HeldWrite} says what becomes of them. */
    public synchronized void hold() {
        this.holding = true;
    }

    /** Ends {@link #hold} and delivers what was held, in the order it came. */
    public void release() {
        List<HeldWrite> toDeliver;
        synchronized (this) {
            holding = false;
            toDeliver = List.copyOf(held);
        }
        toDeliver.forEach(HeldWrite::deliver);
    }

    /** The requests held now, oldest first. */
    public synchronized List<HeldWrite> held() {
        return List.copyOf(held);
    }

    /** How many write requests have come in. */
    public synchronized long requests() {
        return requests;
    }

    /** The documents of an index, or of what an alias points to, refreshed or not; by id. */
    public synchronized SortedMap<String, String> documents(String indexOrAlias) {
        var found = new TreeMap<String, String>();
        stored(indexOrAlias).documents.forEach((id, document) -> {
            if (document.json() != null) {
                found.put(id, document.json());
            }
        });
        return found;
    }

    /** The documents a search finds: those of the last refresh; by id. */
    public synchronized SortedMap<String, String> searchable(String indexOrAlias) {
        return new TreeMap<>(stored(indexOrAlias).searchable);
    }

    /** The version of a document or of its tombstone. */
    public synchronized Optional<Long> version(String index, String id) {
        return Optional.ofNullable(stored(index).documents.get(id)).map(Document::version);
    }

    /** The index an alias points to. */
    public synchronized Optional<String> alias(String alias) {
        return Optional.ofNullable(state.aliases.get(alias));
    }

    /** The names of all indexes, other programs' too. */
    public synchronized List<String> indexes() {
        return List.copyOf(state.indexes.keySet());
    }

    /** How often an index was refreshed on demand. */
    public synchronized int refreshes(String index) {
        return stored(index).refreshes;
    }

    /** Whether an index is seeded, that is refreshes by itself. */
    public synchronized boolean seeded(String index) {
        return stored(index).seeded;
    }

    /** Deletes an index with its aliases behind the lane's back; what is remembered of it stays. */
    public synchronized void deleteIndex(String index) {
        state.indexes.remove(index);
        state.aliases.values().removeIf(index::equals);
    }

    /** Creates another program's index, with aliases. */
    public synchronized void foreignIndex(String index, String... aliases) {
        state.indexes.put(index, new Stored("", "", 0, nextUuid++, nextUuid++));
        for (var alias : aliases) {
            state.aliases.put(alias, index);
        }
    }

    /** Forgets the versions of deleted documents, as OpenSearch does after {@code gc_deletes}. */
    public synchronized void forgetTombstones() {
        state.indexes.values().forEach(index -> index.documents.values().removeIf(document -> document.json() == null));
    }

    /** Everything as it is now, for {@link #restore} and {@link #rollBack}. */
    public synchronized Backup backup() {
        return new Backup(state.copy());
    }

    /** Everything as it was, in indexes with new UUIDs and histories, as OpenSearch restores a snapshot. */
    public synchronized void restore(Backup backup) {
        rollBack(backup);
        for (var index : state.indexes.values()) {
            index.uuid = nextUuid++;
            index.history = nextUuid++;
        }
    }

    /** Everything as it was, UUIDs and histories too, as a rolled-back disk has it. */
    public synchronized void rollBack(Backup backup) {
        state = backup.state.copy();
    }

    /** Whether nothing is told of histories, as of shards that are not there yet. */
    public synchronized void hideHistories(boolean hidden) {
        historiesHidden = hidden;
    }

    /** Gives an index another history under the same UUID, as a stale copy of a shard does that was made the primary. */
    public synchronized void forkHistory(String index) {
        stored(index).history = nextUuid++;
    }

    /** What {@link #backup} kept. */
    public static final class Backup {
        private final InMemoryIndexes state;

        private Backup(InMemoryIndexes state) {
            this.state = state;
        }
    }

    /** A request on its way. Exactly one of its methods decides its fate; later calls do nothing but {@link #deliver} it again. */
    public final class HeldWrite {
        private final String generation;
        private final List<DocumentWrite> writes;
        private final CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();

        private HeldWrite(String generation, List<DocumentWrite> writes) {
            this.generation = generation;
            this.writes = List.copyOf(writes);
        }

        public String generation() {
            return generation;
        }

        public List<DocumentWrite> writes() {
            return writes;
        }

        /** It arrives and is answered. */
        public void deliver() {
            arrive(answer);
        }

        /** It arrives, and the answer is lost. */
        public void deliverUnanswered() {
            arrive(new CompletableFuture<>());
            lose();
        }

        /** The caller is told that it failed; it may still arrive later, by {@link #deliver}. */
        public void lose() {
            synchronized (InMemorySink.this) {
                held.remove(this);
            }
            answer.completeExceptionally(
                    new SinkException(SinkException.Kind.UNAVAILABLE, "no answer from sink '" + name + "'"));
        }

        private void arrive(CompletableFuture<List<Outcome>> to) {
            synchronized (InMemorySink.this) {
                held.remove(this);
            }
            complete(to, generation, writes);
        }
    }

    // ---- the sink ----

    private void complete(CompletableFuture<List<Outcome>> answer, String generation, List<DocumentWrite> writes) {
        List<Outcome> outcomes;
        try {
            outcomes = apply(generation, writes);
        } catch (SinkException e) {
            answer.completeExceptionally(e);
            return;
        }
        answer.complete(outcomes);
    }

    private synchronized List<Outcome> apply(String generation, List<DocumentWrite> writes) {
        present();
        var index = stored(generation);
        var instead = new HashMap<DocumentWrite, Outcome>();
        for (var write : writes) {
            var outcome = fault.of(generation, write);
            if (outcome != null) {
                instead.put(write, outcome);
            }
        }
        var outcomes = new ArrayList<Outcome>(writes.size());
        for (var write : writes) {
            var outcome = instead.get(write);
            outcomes.add(outcome != null ? outcome : index.apply(write));
        }
        return outcomes;
    }

    private void present() {
        if (away != null) {
            throw new SinkException(away.kind(), String.valueOf(away.getMessage()), away);
        }
    }

    private Stored stored(String indexOrAlias) {
        var found = state.indexes.get(state.aliases.getOrDefault(indexOrAlias, indexOrAlias));
        if (found == null) {
            throw new SinkException(
                    SinkException.Kind.INDEX_MISSING, "sink '" + name + "' has no index '" + indexOrAlias + "'");
        }
        return found;
    }

    private final class Index implements SinkIndex {
        private final String plain;
        private final String hash;

        Index(String plain, String hash) {
            this.plain = plain;
            this.hash = hash;
        }

        @Override
        public String hash() {
            return hash;
        }

        @Override
        public String generationName(int number) {
            return plain + "_" + hash + "_" + number;
        }

        @Override
        public boolean hasGenerations() {
            return true;
        }

        @Override
        public List<SinkGeneration> generations() {
            synchronized (InMemorySink.this) {
                present();
                if (unlisted != null) {
                    throw new SinkException(unlisted, "sink '" + name + "' does not list its indexes");
                }
                return state.indexes.entrySet().stream()
                        .filter(entry -> entry.getValue().plain.equals(plain))
                        .map(entry -> generation(entry.getKey(), entry.getValue()))
                        .sorted(SinkGeneration.BY_NUMBER)
                        .toList();
            }
        }

        private SinkGeneration generation(String index, Stored stored) {
            return new SinkGeneration(
                    index,
                    stored.hash,
                    stored.number,
                    "uuid-" + stored.uuid,
                    historiesHidden ? "" : "history-" + stored.history,
                    index.equals(state.aliases.get(plain)),
                    state.memories.get(index));
        }

        @Override
        public SinkGeneration create(int number) {
            synchronized (InMemorySink.this) {
                present();
                var index = generationName(number);
                var stored = state.indexes.computeIfAbsent(
                        index, absent -> new Stored(plain, hash, number, nextUuid++, nextUuid++));
                ours(index, stored);
                return generation(index, stored);
            }
        }

        private void ours(String index, Stored stored) {
            if (!stored.plain.equals(plain)) {
                throw new SinkException(
                        SinkException.Kind.REFUSED,
                        "sink '" + name + "' has an index '" + index + "' that flusso did not create");
            }
        }

        @Override
        public CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes) {
            HeldWrite request;
            synchronized (InMemorySink.this) {
                requests++;
                request = new HeldWrite(generation, writes);
                if (holding) {
                    held.add(request);
                    return request.answer;
                }
            }
            request.deliver();
            return request.answer;
        }

        @Override
        public void endSeeding(String generation) {
            synchronized (InMemorySink.this) {
                present();
                stored(generation).seeded = true;
                stored(generation).refresh();
            }
        }

        @Override
        public CompletableFuture<Void> refresh(String generation) {
            try {
                synchronized (InMemorySink.this) {
                    present();
                    stored(generation).refresh();
                    stored(generation).refreshes++;
                }
            } catch (SinkException e) {
                return CompletableFuture.failedFuture(e);
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void serve(String generation) {
            synchronized (InMemorySink.this) {
                present();
                var stored = stored(generation);
                var hashAlias = plain + "_" + stored.hash;
                for (var alias : List.of(plain, hashAlias)) {
                    if (state.indexes.containsKey(alias)) {
                        throw new SinkException(
                                SinkException.Kind.REFUSED,
                                "sink '" + name + "' has an index '" + alias
                                        + "' where the alias of that name is to be;" + " delete or rename that index");
                    }
                }
                state.aliases.put(plain, generation);
                state.aliases.put(hashAlias, generation);
            }
        }

        @Override
        public boolean isServing() {
            synchronized (InMemorySink.this) {
                present();
                return state.aliases.containsKey(plain);
            }
        }

        @Override
        public void drop(String generation) {
            synchronized (InMemorySink.this) {
                present();
                var stored = state.indexes.get(generation);
                if (stored != null) {
                    ours(generation, stored);
                }
                deleteIndex(generation);
                state.memories.remove(generation);
            }
        }

        @Override
        public void remember(String generation, SinkMemory acknowledged, SinkMemory memory) {
            synchronized (InMemorySink.this) {
                present();
                var there = state.memories.getOrDefault(generation, SinkMemory.NONE);
                if (there.isOlderThan(acknowledged)) {
                    throw new SinkException(
                            SinkException.Kind.OLDER,
                            "sink '" + name + "' remembers " + there + ", acknowledged was " + acknowledged);
                }
                state.memories.put(generation, memory);
            }
        }
    }
}
