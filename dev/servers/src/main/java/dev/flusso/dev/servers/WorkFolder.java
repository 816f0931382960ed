package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where the servers of this JVM keep their data, and programs beside them what they need only as long: {@code <java.io.tmpdir>/flusso-dev-<user>/<pid>-<random>/<server>-<n>}.
 *
 * <p>Each JVM holds a lock on the {@code owner} file of its folder. At its first use the folders whose lock nobody holds, those of JVMs
 * that died, are deleted; a lock beside them keeps a folder that is just being made from being taken for one of those.
 */
public final class WorkFolder {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Queue<AutoCloseable> CLOSED_AT_END = new ConcurrentLinkedQueue<>();
    private static @Nullable WorkFolder ours;

    private final Path folder;
    private final FolderLock owner;

    private WorkFolder(Path folder, FolderLock owner) {
        this.folder = folder;
        this.owner = owner;
    }

    /** The path of a new folder, not yet made, in this JVM's own one; {@code owner} is the first part of its name. */
    public static Path fresh(String owner) {
        return ofThisJvm().folder.resolve(owner + "-" + NUMBERS.incrementAndGet());
    }

    /**
     * Closes {@code resource}, such as a server, when this JVM ends, also by a signal that can be caught; in the order of these calls, on a
     * thread of its own. What is not named here ends with the JVM too, but its files stay for the next one to remove.
     */
    public static void closeAtEnd(AutoCloseable resource) {
        ofThisJvm();
        CLOSED_AT_END.add(resource);
    }

    private static synchronized WorkFolder ofThisJvm() {
        if (ours == null) {
            var base = Path.of(System.getProperty("java.io.tmpdir"), "flusso-dev-" + System.getProperty("user.name"));
            var made = open(base);
            ours = made;
            Runtime.getRuntime().addShutdownHook(new Thread(made::end, "close-servers"));
        }
        return ours;
    }

    /** Makes a new folder below {@code base} and removes those of dead owners. */
    static WorkFolder open(Path base) {
        try {
            // others may enter: a Postgres that runs as nobody must get at its data
            Files.createDirectories(base);
            Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
            return FolderLock.holding(base.resolve("making.lock"), () -> make(base));
        } catch (IOException e) {
            throw new ServerException(
                    "cannot make a work folder below " + base + "; -Djava.io.tmpdir chooses another place: " + e, e);
        }
    }

    private static WorkFolder make(Path base) throws IOException {
        removeStale(base);
        var folder = Files.createTempDirectory(base, ProcessHandle.current().pid() + "-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var owner = FolderLock.tryOpen(folder.resolve("owner"))
                .orElseThrow(() -> new ServerException("somebody locked the new folder " + folder));
        return new WorkFolder(folder, owner);
    }

    private static void removeStale(Path base) throws IOException {
        var folders = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(base, Files::isDirectory)) {
            entries.forEach(folders::add);
        }
        for (var folder : folders) {
            try (var lock = FolderLock.tryOpen(folder.resolve("owner")).orElse(null)) {
                if (lock != null) {
                    FileTree.delete(folder);
                }
            } catch (IOException e) {
                // its servers are just being killed, or it is somebody else's: the next start tries again
            }
        }
    }

    Path path() {
        return folder;
    }

    /** Frees the folder as the death of its JVM would. */
    void abandon() {
        owner.close();
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // the others are closed all the same; what stays goes as end() says
        }
    }

    private void end() {
        try {
            CLOSED_AT_END.forEach(WorkFolder::closeQuietly);
            var rest = folder.toFile().list();
            if (rest != null && rest.length == 1) {
                FileTree.delete(folder);
            }
        } catch (IOException e) {
            // the life lines kill the processes, and the next start removes the files
        } finally {
            owner.close();
        }
    }
}
