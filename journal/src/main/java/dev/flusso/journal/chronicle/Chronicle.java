package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.cleaner.CleanerServiceLocator;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import net.openhft.chronicle.threads.BusyTimedPauser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library made quiet and ready, once for each process, before its first class is loaded. */
final class Chronicle {

    private static final Logger LOG = LoggerFactory.getLogger("dev.flusso.journal.chronicle");

    private static final int NOT_COMPLETE = 0x8000_0000;

    /** Prepared when this class is initialised, which every way into the engine makes happen first. */
    private static final boolean READY = prepare();

    private Chronicle() {}

    /** Must have returned before any class of the library is touched. */
    static void ready() {
        if (!READY) {
            throw new IllegalStateException("the journal's engine was not prepared");
        }
    }

    private static boolean prepare() {
        // Nothing is sent anywhere, no banner, no thread that watches the disk: we do that ourselves.
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        Jvm.setExceptionHandlers(
                (logger, message, thrown) -> LOG.warn("engine event=error message={}", message, thrown),
                (logger, message, thrown) -> LOG.debug("engine event=warning message={}", message, thrown),
                null,
                null);
        return true;
    }

    /**
     * Gives back the queue's write lock if a dead writer left it taken. The library judges by the process id, which in a container
     * is the same after every restart; we own the directory, so nobody can hold it rightfully.
     */
    static void unlock(Path epochDirectory) throws IOException {
        var metadata = Layout.metadata(epochDirectory);
        if (!Files.exists(metadata)) {
            return;
        }
        if (!isBegun(metadata)) {
            // its writer was killed while it made the file: we would head it as something else, and nobody needs it
            Files.delete(metadata);
            return;
        }
        SingleChronicleQueueBuilder.addAliases();
        try (var table = SingleTableBuilder.binary(metadata.toFile(), Metadata.NoMeta.INSTANCE)
                        .readOnly(false)
                        .build();
                var lock = new TableStoreWriteLock(table, BusyTimedPauser::new, 0L)) {
            lock.forceUnlock();
        }
    }

    /** Whether the file's first record, by which the library knows what it is, was completed. */
    private static boolean isBegun(Path metadata) throws IOException {
        try (var file = FileChannel.open(metadata, StandardOpenOption.READ)) {
            var word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (file.read(word) < Integer.BYTES) {
                return false;
            }
            var head = word.getInt(0);
            return head != 0 && (head & NOT_COMPLETE) == 0;
        }
    }

    /** Gives a mapped buffer's address range back at once. The buffer must never be touched again. */
    static void unmap(ByteBuffer mapped) {
        CleanerServiceLocator.cleanerService().clean(mapped);
    }
}
