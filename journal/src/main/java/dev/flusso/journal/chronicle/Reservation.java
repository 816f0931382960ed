package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import net.openhft.posix.PosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a stretch of a file has room on the disk before it is written through a mapping: there, a full disk would be an
 * {@link InternalError} at some later moment, in whatever code.
 */
final class Reservation {

    private static final Logger LOG = LoggerFactory.getLogger(Reservation.class);
    private static final int READ_WRITE = 2;
    private static final byte[] ZEROS = new byte[64 << 10];

    /** Whether {@code fallocate} works here; found out once for each journal. */
    private boolean bySystemCall = true;

    /** Whether it has worked: then its refusal means that there is no room. */
    private boolean proven;

    /**
     * Reserves the bytes {@code [from, until)}, of which none may have been written.
     *
     * @return false when the disk has no room for them
     */
    boolean reserve(Path file, long from, long until) throws IOException {
        if (bySystemCall) {
            var answer = fallocate(file, from, until - from);
            if (answer == 0) {
                proven = true;
                return true;
            }
            if (proven) {
                return false;
            }
            // What went wrong cannot be asked reliably, and some file systems cannot do it at all; writing tells.
        }
        return zeros(file, from, until);
    }

    private int fallocate(Path file, long from, long bytes) {
        try {
            var posix = PosixAPI.posix();
            var descriptor = posix.open(file.toString(), READ_WRITE, 0);
            if (descriptor < 0) {
                return descriptor;
            }
            try {
                return posix.fallocate(descriptor, 0, from, bytes);
            } finally {
                posix.close(descriptor);
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("journal event=no_fallocate effect=\"space is reserved by writing zeros, which costs time\"", e);
            bySystemCall = false;
            return -1;
        }
    }

    private static boolean zeros(Path file, long from, long until) throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(from);
            for (var at = from; at < until; at += ZEROS.length) {
                out.write(ZEROS, 0, (int) Math.min(ZEROS.length, until - at));
            }
            return true;
        } catch (IOException e) {
            var message = String.valueOf(e.getMessage());
            if (message.contains("No space") || message.contains("quota") || message.contains("Quota")) {
                return false;
            }
            throw e;
        }
    }
}
