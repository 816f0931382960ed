package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a writer takes from the machine it runs on.
 *
 * @param bootId tells one boot of the operating system from the next
 * @param clock weighs the age of what may be deleted
 * @param forcing brings a segment to the disk
 */
record Machine(Supplier<String> bootId, InstantSource clock, Forcing forcing) {

    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    static Machine real(InstantSource clock) {
        return new Machine(Machine::kernelBootId, clock, Forcing.DISK);
    }

    /** The kernel's name for the time since it was started; the same in each container on it. */
    static String kernelBootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            LOG.warn(
                    "journal event=no_boot_id effect=\"a crash of the operating system cannot be told from a restart\"",
                    e);
            return "unknown";
        }
    }
}
