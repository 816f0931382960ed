package dev.flusso.journal.chronicle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.SourceIdentity;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the file {@code current} says of a journal.
 *
 * @param epoch the epoch that is appended to, 1 or more
 * @param bootId the kernel's boot the writer ran under: after another boot, what was not forced may be gone
 * @param clean whether the writer closed it, having forced everything
 * @param identity whose changes it holds; null before anyone has claimed it
 */
record JournalState(
        int epoch, String bootId, boolean clean, @Nullable SourceIdentity identity) {

    private static final String KIND = "flusso-journal";
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether everything in the epoch can be relied on: no operating system crashed between writing and forcing. */
    boolean survived(String bootIdNow) {
        return clean || bootId.equals(bootIdNow);
    }

    JournalState running(String bootIdNow) {
        return new JournalState(epoch, bootIdNow, false, identity);
    }

    JournalState closed() {
        return new JournalState(epoch, bootId, true, identity);
    }

    JournalState with(@Nullable SourceIdentity newIdentity) {
        return new JournalState(epoch, bootId, clean, newIdentity);
    }

    JournalState in(int newEpoch) {
        return new JournalState(newEpoch, bootId, clean, identity);
    }

    /** Durable on return. */
    void save(Path file) throws IOException {
        var root = JSON.createObjectNode();
        root.put("epoch", epoch);
        root.put("boot", bootId);
        root.put("clean", clean);
        if (identity != null) {
            var source = root.putObject("source");
            source.put("system_identifier", identity.systemIdentifier());
            source.put("database", identity.database());
            source.put("slot", identity.slot());
            source.put("timeline", identity.timeline());
        }
        SealedText.write(
                file, KIND, VERSION, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /** Empty when there is no journal yet. */
    static Optional<JournalState> load(Path file) throws IOException {
        try {
            return Optional.of(parse(file, JSON.readTree(SealedText.read(file, KIND, VERSION))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (SealedText.BrokenSealException | JsonProcessingException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static JournalState parse(Path file, JsonNode root) {
        var epoch = root.path("epoch").asInt(0);
        if (epoch < 1 || !root.path("boot").isTextual() || !root.path("clean").isBoolean()) {
            throw damaged(file, "it lacks 'epoch', 'boot' or 'clean'", null);
        }
        var source = root.path("source");
        var identity = source.isMissingNode()
                ? null
                : new SourceIdentity(
                        source.path("system_identifier").asText(),
                        source.path("database").asText(),
                        source.path("slot").asText(),
                        source.path("timeline").asInt());
        return new JournalState(
                epoch, root.path("boot").asText(), root.path("clean").asBoolean(), identity);
    }

    private static JournalDamagedException damaged(Path file, String found, @Nullable Throwable cause) {
        var message = "cannot use " + file + ": " + found
                + "; restore the file, or move the journal's directory away to begin a new one";
        return cause == null ? new JournalDamagedException(message) : new JournalDamagedException(message, cause);
    }
}
