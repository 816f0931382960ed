package dev.flusso.worker.lane;

import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Key;
import java.util.ArrayList;
import java.util.List;

/** One write on its way to the sink, and who waits for it. The lane's thread. */
final class Item {

    /** The root key it was built for; building it again means asking for this. */
    final Key key;

    /** When its snapshot was taken, or a little before; in nanoseconds of the lane's clock. */
    final long builtAtNanos;

    final DocumentWrite write;
    final List<Owner> owners = new ArrayList<>(1);

    /** Why the document cannot even be tried (too large); empty when it can. */
    final String refusal;

    Item(Key key, DocumentWrite write, long builtAtNanos, Owner owner, String refusal) {
        this.key = key;
        this.write = write;
        this.builtAtNanos = builtAtNanos;
        this.refusal = refusal;
        owners.add(owner);
    }

    String id() {
        return write.id();
    }

    /** Takes over the owners of a write that this one makes needless. */
    void supersede(Item older) {
        owners.addAll(older.owners);
    }

    /** Something that is done when all of its writes are. */
    interface Owner {

        /** One more write is to be waited for. */
        void awaits();

        /** One of the writes it waits for is settled. */
        void settled();
    }
}
