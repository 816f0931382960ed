package dev.flusso.cli.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.cli.command.CommandException;
import dev.flusso.cli.command.ExitCode;
import dev.flusso.cli.command.Inquiry.Difference;
import dev.flusso.cli.command.Inquiry.Scope;
import dev.flusso.cli.command.Inquiry.Verified;
import dev.flusso.journal.Lsn;
import dev.flusso.opensearch.StoredDocuments;
import dev.flusso.postgres.expectation.ExpectedDocument;
import dev.flusso.worker.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares one index with the database, while rows go on changing.
 *
 * <p>First every document of the database is looked for in the index, then every id of the index in the database. What differs then may
 * just be under way. So each such document is put together again; when the lane has passed that moment, the index is read, and the document
 * is put together once more. Where both are the same, the index must hold exactly that: a difference stays, and is reported. Where they are not,
 * the document is in motion, and the question is put again.
 *
 * <p>Memory: one portion of documents, and the keys of what differs, of which no more than {@link #MOST} are followed.
 */
final class Verification {

    /** Keys that are followed; more are not a difference but another index. */
    static final int MOST = 10_000;

    private static final int PORTION = 200;
    private static final long PORTION_BYTES = 4 << 20;

    private static final int MOST_IDS = 10_000;

    private final String lane;
    private final Expectation rows;
    private final long maxDocumentBytes;
    private final StoredDocuments stored;
    private final String index;
    private final Supplier<Lsn> written;
    private final LanePlace place;
    private final LongConsumer progress;

    private final Map<String, Key> suspects = new LinkedHashMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private long compared;
    private long tooLarge;
    private long untraceable;
    private boolean overflow;

    /**
     * A comparison to be made once.
     *
     * @param index the index behind the alias
     * @param written the end of the database's log now
     * @param progress is told how many documents were compared
     */
    Verification(
            String lane,
            Expectation rows,
            long maxDocumentBytes,
            StoredDocuments stored,
            String index,
            Supplier<Lsn> written,
            LanePlace place,
            LongConsumer progress) {
        this.lane = lane;
        this.rows = rows;
        this.maxDocumentBytes = maxDocumentBytes;
        this.stored = stored;
        this.index = index;
        this.written = written;
        this.place = place;
        this.progress = progress;
    }

    Verified run(Scope scope) {
        fromDatabase(scope.sample());
        fromIndex(scope.sample());
        settle(System.nanoTime() + scope.waitSeconds() * 1_000_000_000L);
        remark(tooLarge, " documents are larger than max_document_bytes and were not compared");
        remark(untraceable, " ids are digests of long keys; whether they are surplus cannot be told");
        if (overflow) {
            remarks.add("more than " + MOST + " documents differed at first sight; only so many were followed");
        }
        return new Verified(lane, compared, differences, remarks);
    }

    private void remark(long count, String what) {
        if (count > 0) {
            remarks.add(count + what);
        }
    }

    private void fromDatabase(int sample) {
        var portion = new Portion();
        if (sample == 0) {
            rows.all(portion::add);
        } else {
            var keys = rows.sample(sample);
            for (int from = 0; from < keys.size(); from += PORTION) {
                rows.of(keys.subList(from, Math.min(keys.size(), from + PORTION)))
                        .forEach(portion::add);
            }
        }
        portion.compare();
    }

    /** Some documents of the database, to be looked for together. */
    private final class Portion {
        private final Map<String, ExpectedDocument> documents = new LinkedHashMap<>();
        private long characters;

        void add(ExpectedDocument document) {
            documents.put(document.id(), document);
            characters += document.document().toString().length();
            if (documents.size() >= PORTION || characters > PORTION_BYTES) {
                compare();
            }
        }

        void compare() {
            var there = stored.get(index, documents.keySet());
            documents.forEach((id, expected) -> {
                compared++;
                if (isTooLarge(expected.document())) {
                    tooLarge++;
                    return;
                }
                var found = there.get(id);
                if (found == null
                        || !FirstDifference.path(expected.document(), found).isEmpty()) {
                    suspect(id, new Key(expected.key()));
                }
            });
            documents.clear();
            characters = 0;
            progress.accept(compared);
        }
    }

    private boolean isTooLarge(JsonNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8).length > maxDocumentBytes;
    }

    private void suspect(String id, Key key) {
        if (suspects.size() < MOST) {
            suspects.put(id, key);
        } else {
            overflow = true;
        }
    }

    private void fromIndex(int sample) {
        stored.refresh(index);
        if (sample > 0) {
            var ids = stored.sample(index, Math.min(sample, MOST_IDS));
            for (int from = 0; from < ids.size(); from += PORTION) {
                askFor(ids.subList(from, Math.min(ids.size(), from + PORTION)));
            }
        } else {
            stored.ids(index, ids -> {
                for (int from = 0; from < ids.size(); from += PORTION) {
                    askFor(ids.subList(from, Math.min(ids.size(), from + PORTION)));
                }
            });
        }
    }

    /** Whether the database has documents of these ids; what they hold was compared before. */
    private void askFor(List<String> ids) {
        var keys = new LinkedHashMap<String, Key>();
        for (var id : ids) {
            var key = DocumentId.key(id, rows.keyColumns());
            if (DocumentId.isDigest(id)) {
                untraceable++;
            } else if (key.isPresent()) {
                keys.put(id, key.get());
            } else {
                differences.add(new Difference(Difference.Kind.SURPLUS, id, ""));
            }
        }
        var there = built(keys);
        keys.forEach((id, key) -> {
            if (!there.containsKey(id)) {
                suspect(id, key);
            }
        });
    }

    /** The documents of these keys, by their ids. */
    private Map<String, Built> built(Map<String, Key> keys) {
        var documents = new HashMap<String, Built>();
        rows.of(keys.values().stream().map(Key::parts).toList())
                .forEach(found -> documents.put(found.id(), new Built(found.document(), isTooLarge(found.document()))));
        return documents;
    }

    /** Puts the question again for what differed, until each is answered or the time is over. */
    private void settle(long deadline) {
        while (!suspects.isEmpty()) {
            var before = new HashMap<String, String>();
            portions().forEach(portion -> built(portion).forEach((id, document) -> before.put(id, document.digest())));
            if (!place.awaitPassed(written.get(), deadline)) {
                throw new CommandException(
                        ExitCode.FAILED,
                        lane + ": " + suspects.size()
                                + " documents differ, but the lane has not come past them, so they may just be under way;"
                                + " see 'flusso status', or allow more time with --wait-secs");
            }
            portions().forEach(portion -> judge(portion, before));
            if (!suspects.isEmpty() && System.nanoTime() - deadline > 0) {
                remark(suspects.size(), " documents changed each time they were looked at, and were not judged");
                return;
            }
        }
    }

    private List<Map<String, Key>> portions() {
        var portions = new ArrayList<Map<String, Key>>();
        var ids = List.copyOf(suspects.keySet());
        for (int from = 0; from < ids.size(); from += PORTION) {
            var portion = new LinkedHashMap<String, Key>();
            ids.subList(from, Math.min(ids.size(), from + PORTION)).forEach(id -> portion.put(id, keyOf(id)));
            portions.add(portion);
        }
        return portions;
    }

    private Key keyOf(String id) {
        var key = suspects.get(id);
        if (key == null) {
            throw new IllegalStateException("no suspect '" + id + "'");
        }
        return key;
    }

    /** A document as the database has it; one that is too large is not compared. */
    private record Built(JsonNode json, boolean tooLarge) {

        /** Enough to tell whether it changed, without keeping it. */
        String digest() {
            try {
                var bytes = json.toString().getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no SHA-256", e);
            }
        }
    }

    private void judge(Map<String, Key> portion, Map<String, String> before) {
        var there = stored.get(index, portion.keySet());
        var now = built(portion);
        for (var id : portion.keySet()) {
            var expected = now.get(id);
            var found = there.get(id);
            if (expected != null && expected.tooLarge()) {
                suspects.remove(id); // too large to be compared
            } else if (expected == null && found == null) {
                suspects.remove(id);
            } else if (expected != null
                    && found != null
                    && FirstDifference.path(expected.json(), found).isEmpty()) {
                suspects.remove(id);
            } else if (same(before.get(id), expected)) {
                suspects.remove(id);
                differences.add(difference(id, expected, found));
            }
        }
    }

    private static boolean same(@Nullable String before, @Nullable Built now) {
        return now == null ? before == null : now.digest().equals(before);
    }

    private static Difference difference(String id, @Nullable Built expected, @Nullable JsonNode found) {
        if (expected == null) {
            return new Difference(Difference.Kind.SURPLUS, id, "");
        }
        if (found == null) {
            return new Difference(Difference.Kind.MISSING, id, "");
        }
        return new Difference(Difference.Kind.DIFFERENT, id, FirstDifference.path(expected.json(), found));
    }
}
