package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
        if (!Files.exists(metadata) || Files.size(metadata) == 0) {
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

    /** Gives a mapped buffer's address range back at once. The buffer must never be touched again. */
    static void unmap(ByteBuffer mapped) {
        CleanerServiceLocator.cleanerService().clean(mapped);
    }
}
