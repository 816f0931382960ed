package dev.flusso.journal.chronicle;

import dev.flusso.journal.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Left by a writer that could not force an epoch's end to disk. Whoever reads the files afterwards sees what was written, and forcing
 * them again even succeeds, but none of that is on the disk: only what was forced before counts, and a new epoch must begin.
 *
 * <p>Its file need not be durable. After a crash of the operating system nobody is deceived any more: what can be read is on the disk.
 *
 * @param epoch the epoch that was appended to
 * @param trusted the newest entry known to be on disk, in that epoch or before it
 */
record Doubt(int epoch, Position trusted) {

    private static final Logger LOG = LoggerFactory.getLogger(Doubt.class);
    private static final Pattern FORM = Pattern.compile("epoch (\\d{1,9}) is on disk only through (\\S+)\n");

    /** Leaves a note for the next writer. */
    void note(Layout layout) {
        try {
            Files.writeString(layout.doubt(), "epoch " + epoch + " is on disk only through " + trusted + "\n");
        } catch (IOException e) {
            LOG.error(
                    "journal event=doubt_not_noted file={} effect=\"do not start capture again before the machine was restarted\"",
                    layout.doubt(),
                    e);
        }
    }

    /** What was noted about an epoch; a note that cannot be read trusts nothing that may ever have been unforced. */
    static Optional<Doubt> about(int epoch, Layout layout) throws IOException {
        String text;
        try {
            text = Files.readString(layout.doubt());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.of(new Doubt(epoch, Position.BEGINNING));
        }
        var noted = new Doubt(Integer.parseInt(matcher.group(1)), Position.parse(matcher.group(2)));
        return noted.epoch == epoch ? Optional.of(noted) : Optional.empty();
    }

    /** To be called when another epoch is appended to. */
    static void settle(Layout layout) throws IOException {
        Files.deleteIfExists(layout.doubt());
    }
}
