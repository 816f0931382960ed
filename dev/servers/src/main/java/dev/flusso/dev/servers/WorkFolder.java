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
 * Where the servers of this JVM keep their data: {@code <java.io.tmpdir>/flusso-dev-<user>/<pid>-<random>/<server>-<n>}.
 *
 * <p>Each JVM holds a lock on the {@code owner} file of its folder. At its first use the folders whose lock nobody holds, those of JVMs
 * that died, are deleted; a lock beside them keeps a folder that is just being made from being taken for one of those.
 */
final class WorkFolder {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Queue<Server> CLOSED_AT_END = new ConcurrentLinkedQueue<>();
    private static @Nullable WorkFolder ours;

    private final Path folder;
    private final FolderLock owner;

    private WorkFolder(Path folder, FolderLock owner) {
        this.folder = folder;
        this.owner = owner;
    }

    /** The path of a new folder, not yet made, in this JVM's own one. */
    static Path fresh(String server) {
        return ofThisJvm().folder.resolve(server + "-" + NUMBERS.incrementAndGet());
    }

    /** Closes {@code server} when this JVM ends; the other servers' processes end with it too, but their files stay for the next JVM. */
    static void closeAtEnd(Server server) {
        CLOSED_AT_END.add(server);
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

    private void end() {
        try {
            CLOSED_AT_END.forEach(Server::close);
            var rest = folder.toFile().list();
            if (rest != null && rest.length == 1) {
                FileTree.delete(folder);
            }
        } catch (IOException | ServerException e) {
            // the life lines kill the processes, and the next start removes the files
        } finally {
            owner.close();
        }
    }
}
