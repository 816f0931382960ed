package dev.flusso.journal.chronicle;

import dev.flusso.journal.HeldElsewhereException;
import dev.flusso.journal.Ownership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file locked by the kernel for as long as this process lives or {@link #close} is called; it says in plain text who holds it.
 *
 * <p>To the kernel a lock belongs to the process, and closing <em>any</em> descriptor of the file gives it up. So a file held by this
 * process is never opened a second time here: who holds what is kept in {@link #HELD}.
 */
final class HeldFile implements Ownership {

    /** What this process holds, by absolute path: the one piece of state that has to be the process's own. */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;

    private HeldFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock, at once or not at all.
     *
     * @param what for people, such as {@code the journal /var/lib/flusso}
     */
    static HeldFile take(Path lockFile, String what) throws IOException {
        Disk.makeDirectories(Disk.parent(lockFile));
        var file = Disk.parent(lockFile).toRealPath().resolve(lockFile.getFileName());
        var me = "pid " + ProcessHandle.current().pid() + " on " + host();
        var other = HELD.putIfAbsent(file, me);
        if (other != null) {
            throw held(what, "this very process (" + other + ")", file);
        }
        try {
            while (true) {
                // forgetting a lane deletes its lock file: what we locked must still be what the name leads to
                var before = key(file);
                var held = Disk.uninterrupted(() -> attempt(file, what, me));
                if (before.isPresent() && before.equals(key(file))) {
                    return held;
                }
                held.channel.close();
            }
        } catch (IOException | RuntimeException e) {
            HELD.remove(file);
            throw e;
        }
    }

    private static HeldFile attempt(Path file, String what, String me) throws IOException {
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            var lock = tryLock(channel);
            if (lock == null) {
                throw held(what, holder(channel) + since(file), file);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((me + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            return new HeldFile(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @SuppressWarnings("NullAway") // tryLock returns null when another process holds it; so do we
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(200);
        channel.read(text, 0);
        var holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "another process" : holder;
    }

    /** The lock file is written when it is taken, and never after that. */
    private static String since(Path file) throws IOException {
        return " since " + Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static HeldElsewhereException held(String what, String holder, Path file) {
        return new HeldElsewhereException(
                what + " is held by " + holder + " (" + file + "); stop it first, only one may be at work");
    }

    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "this host";
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(file);
        }
    }
}
