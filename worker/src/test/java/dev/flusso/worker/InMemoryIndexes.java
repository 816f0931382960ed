package dev.flusso.worker;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that {@link InMemorySink} keeps, and that a backup of it holds. Guarded by the sink. */
final class InMemoryIndexes {

    final SortedMap<String, Stored> indexes = new TreeMap<>();
    final Map<String, String> aliases = new HashMap<>();
    final Map<String, SinkMemory> memories = new HashMap<>();

    InMemoryIndexes copy() {
        var copy = new InMemoryIndexes();
        indexes.forEach((index, stored) -> copy.indexes.put(index, stored.copy()));
        copy.aliases.putAll(aliases);
        copy.memories.putAll(memories);
        return copy;
    }

    record Document(long version, @Nullable String json) {}

    /** One index. */
    static final class Stored {
        final String plain;
        final String hash;
        final int number;
        long uuid;
        long history;
        boolean seeded;
        int refreshes;
        final Map<String, Document> documents = new HashMap<>();
        final Map<String, String> searchable = new HashMap<>();

        Stored(String plain, String hash, int number, long uuid, long history) {
            this.plain = plain;
            this.hash = hash;
            this.number = number;
            this.uuid = uuid;
            this.history = history;
        }

        Stored copy() {
            var copy = new Stored(plain, hash, number, uuid, history);
            copy.seeded = seeded;
            copy.refreshes = refreshes;
            copy.documents.putAll(documents);
            copy.searchable.putAll(searchable);
            return copy;
        }

        /** As {@code version_type=external_gte}: a delete of what is not there leaves a tombstone too. */
        Outcome apply(DocumentWrite write) {
            var present = documents.get(write.id());
            if (present != null && present.version > write.version()) {
                return new Outcome.NewerThere();
            }
            var json = write instanceof DocumentWrite.Upsert upsert
                    ? new String(upsert.json(), StandardCharsets.UTF_8)
                    : null;
            documents.put(write.id(), new Document(write.version(), json));
            return new Outcome.Written();
        }

        void refresh() {
            searchable.clear();
            documents.forEach((id, document) -> {
                if (document.json != null) {
                    searchable.put(id, document.json);
                }
            });
        }
    }
}
