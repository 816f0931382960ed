package dev.flusso.schema.lock;

import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.Place;
import dev.flusso.schema.Problem;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.schema.parse.CompiledForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A deployment compiled into one portable text. The same config gives the same bytes everywhere.
 *
 * @param config places in it are relative to the config file's directory at the time
 * @param program the version of the program that built it
 */
public record Lock(Config config, String program) {

    private static final String COMMENT = "# made by \"flusso build\": build it anew instead of editing it\n";
    private static final String REMEDY = "build it anew with 'flusso build'";

    /** The whole file. A secret given by reference is in it as that reference only. */
    public String text() {
        return COMMENT + new Envelope(program, CompiledForm.of(config)).text();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param file its name, for problems
     * @throws ConfigException when it was edited, cut off, or has another format
     */
    public static Lock parse(String text, String file) {
        var envelope = Envelope.parse(text, "lock", file, REMEDY);
        return new Lock(CompiledForm.config(envelope.body(), file), envelope.program());
    }

    /**
     * Reads a lock file.
     *
     * @throws ConfigException when there is none or it cannot be used
     */
    public static Lock read(Path file) {
        var shown = file.toString().replace('\\', '/');
        try {
            return parse(Files.readString(file), shown);
        } catch (NoSuchFileException e) {
            throw new ConfigException(Place.in(shown), "there is no lock; build one with 'flusso build'");
        } catch (IOException e) {
            throw new ConfigException(Place.in(shown), "the lock cannot be read: " + reason(e) + "; " + REMEDY);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /**
     * Writes the file, synced and replaced as a whole: whoever reads it sees the old text or the new one.
     *
     * @throws IOException when that is not possible; the old file is then untouched
     */
    public void write(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("lock '" + file + "' is a directory, expected a file");
        }
        var target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        var temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Where the config holds a secret itself, so that the lock does too: a warning each, without the secret. */
    public static List<Problem> literalSecrets(Config config) {
        var warnings = new ArrayList<Problem>();
        var connection = config.source().connection();
        var place = config.source().place();
        if (connection instanceof SourceConfig.Connection.Parts parts) {
            warn("source.connection_url.password", parts.password(), place, warnings);
        } else if (connection instanceof SourceConfig.Connection.Url url
                && url.url() instanceof Setting.Given given
                && DatabaseUrl.parse(given.value()).password() != null) {
            warn("source.connection_url", given, place, warnings);
        }
        for (var sink : config.sinks()) {
            if (sink instanceof SinkConfig.OpenSearch cluster) {
                var name = "sinks." + cluster.name();
                warn(name + ".password", cluster.password(), cluster.place(), warnings);
                warn(name + ".api_key", cluster.apiKey(), cluster.place(), warnings);
                if (cluster.url() instanceof Setting.Given given
                        && ClusterAccess.checkedUrl(given.value()).getRawUserInfo() != null) {
                    warn(name + ".url", given, cluster.place(), warnings);
                }
            }
        }
        return List.copyOf(warnings);
    }

    private static void warn(String key, Setting setting, Place place, List<Problem> warnings) {
        if (setting instanceof Setting.Given given && !given.value().isEmpty()) {
            warnings.add(new Problem(
                    place,
                    "'" + key + "' holds a secret, which stands in the lock too; give it as { env = \"VARIABLE\" }"));
        }
    }
}
