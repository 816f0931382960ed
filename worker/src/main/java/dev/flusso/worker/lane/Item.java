package dev.flusso.worker.lane;

import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One write on its way to the sink, and who waits for it. The lane's thread. */
final class Item {

    /** Where in the outbox it is. */
    enum State {
        /** Nowhere yet, or not any more: settled, withdrawn, or a newer write of its id took its place. */
        GONE,
        /** In line to be sent. */
        READY,
        /** Sent, not answered. */
        UNDER_WAY,
        /** In line behind another write of its id that is under way. */
        WAITING,
        /** Too old to be sent: to be built anew. Only its key is kept. */
        STALE,
        /** Rejected, and holds up the lane: to be built anew now and then. Only its key is kept. */
        STOPPED
    }

    private static final byte[] NOTHING = {};

    /** The root key it was built for; building it again means asking for this. */
    final Key key;

    /** When its snapshot was taken, or a little before; in nanoseconds of the lane's clock. */
    final long builtAtNanos;

    final List<Owner> owners;

    /** Why the document cannot even be tried; null when it can. */
    final Outcome.@Nullable Rejected refusal;

    /** What is to be sent; without its bytes once it is not to be sent any more. */
    private DocumentWrite write;

    /** The outbox' alone. */
    State state = State.GONE;

    /** Whether its key is being asked for again. */
    boolean renewing;

    Item(Key key, DocumentWrite write, long builtAtNanos, List<Owner> owners, Outcome.@Nullable Rejected refusal) {
        this.key = key;
        this.write = write;
        this.builtAtNanos = builtAtNanos;
        this.refusal = refusal;
        this.owners = new ArrayList<>(owners);
    }

    String id() {
        return write.id();
    }

    DocumentWrite write() {
        return write;
    }

    long version() {
        return write.version();
    }

    int bytes() {
        return write.bytes();
    }

    /** Lets go of the document's bytes: it will be built anew. Returns how many that were. */
    int shed() {
        var before = write.bytes();
        if (write instanceof DocumentWrite.Upsert upsert) {
            write = new DocumentWrite.Upsert(upsert.id(), upsert.version(), NOTHING);
        }
        return before - write.bytes();
    }

    /** Something that is done when all of its writes are. */
    interface Owner {

        /** One more write is to be waited for. */
        void awaits();

        /** One of the writes it waits for is settled. */
        void settled();
    }
}
