package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** As whom Postgres is run: it refuses to be root. */
enum Privileges {
    /** As ourselves. */
    OWN(""),
    /** In a user namespace of its own, where root is not known; its files stay root's. */
    NAMESPACE("unshare -U"),
    /** As nobody, for containers that forbid user namespaces; its files must be nobody's. */
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private static final int NOBODY_ID = 65_534;

    private final String prefix;

    Privileges(String prefix) {
        this.prefix = prefix;
    }

    /** The words before a command; each of them is replaced by the command, so the pid stays. */
    List<String> prefix() {
        return prefix.isEmpty() ? List.of() : List.of(prefix.split(" "));
    }

    /** The first that works for the user who owns {@code ownFolder}, which we have made. */
    static Privileges of(Path ownFolder) {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(ownFolder, "unix:uid"))) {
                return OWN;
            }
        } catch (IOException e) {
            throw new ServerException("cannot ask for the owner of " + ownFolder, e);
        }
        if (works(NAMESPACE)) {
            return NAMESPACE;
        }
        if (works(NOBODY)) {
            return NOBODY;
        }
        throw new ServerException(
                "Postgres cannot run as root, and neither 'unshare -U' nor 'setpriv --reuid' works here;"
                        + " install util-linux or run as another user");
    }

    /** Gives a folder to the user Postgres will run as. */
    void handOver(Path folder) throws IOException {
        if (this != NOBODY) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                return visitFile(path, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(path, "unix:uid", NOBODY_ID, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", NOBODY_ID, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean works(Privileges privileges) {
        var command = new ArrayList<>(privileges.prefix());
        command.add("true");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
