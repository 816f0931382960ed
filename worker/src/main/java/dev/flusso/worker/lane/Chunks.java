package dev.flusso.worker.lane;

import dev.flusso.worker.Answer;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many documents are asked for at once, and what is written for an answer. */
final class Chunks {

    private final int most;
    private double averageBytes;
    private long largestBytes;

    Chunks(int most) {
        this.most = most;
    }

    /** So many keys, that their documents are likely to stay within these bytes. */
    int size(long bytes) {
        if (averageBytes == 0) {
            return Math.min(most, 200);
        }
        var expected = Math.max(averageBytes, largestBytes / 8.0);
        return (int) Math.max(1, Math.min(most, bytes / expected));
    }

    /** Learns from what was found; old giants are forgotten slowly. */
    void learn(List<Answer> answers) {
        var bytes = 0L;
        var found = 0;
        largestBytes -= largestBytes / 16;
        for (var answer : answers) {
            var document = answer.document();
            if (document != null) {
                bytes += document.json().length;
                largestBytes = Math.max(largestBytes, document.json().length);
                found++;
            }
        }
        if (found > 0) {
            var now = Math.max(1, (double) bytes / found);
            averageBytes = averageBytes == 0 ? now : averageBytes * 0.7 + now * 0.3;
        }
    }

    /** The writes that make an answer true in the sink: one, or two when the row goes by another spelling of its key now. */
    static List<Item> items(Answer answer, Stamp stamp, long builtAtNanos, long maxBytes, List<Item.Owner> owners) {
        var items = new ArrayList<Item>(2);
        var found = answer.document();
        if (found == null || !found.id().equals(answer.askedId())) {
            items.add(new Item(
                    answer.asked(),
                    new DocumentWrite.Delete(answer.askedId(), stamp.version()),
                    builtAtNanos,
                    owners,
                    null));
        }
        if (found != null) {
            items.add(new Item(
                    answer.asked(),
                    new DocumentWrite.Upsert(found.id(), stamp.version(), found.json()),
                    builtAtNanos,
                    owners,
                    refusal(found, maxBytes)));
        }
        return items;
    }

    private static Outcome.@Nullable Rejected refusal(Answer.Found found, long maxBytes) {
        return found.tooLarge()
                ? new Outcome.Rejected(
                        "document_too_large",
                        "it is " + found.bytes() + " bytes, allowed are " + maxBytes + " (max_document_bytes)")
                : found.refused();
    }
}
