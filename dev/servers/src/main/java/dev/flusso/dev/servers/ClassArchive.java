package dev.flusso.dev.servers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A JVM's archive of loaded classes (class data sharing), which halves the start of the OpenSearch node: 2 instead of 4 CPU seconds.
 *
 * <p>The first node of a user records one (80 MB, and some seconds more at its orderly end), all later ones with the same {@code java}
 * and class path read it. It is made anew when either changes; a few of the newest are kept. The JVM checks an archive by itself and goes
 * on without one that does not fit.
 */
final class ClassArchive {

    private static final int KEPT = 4;

    private final String classPath;
    private final Path archive;

    private ClassArchive(String classPath, Path archive) {
        this.classPath = classPath;
        this.archive = archive;
    }

    /** The archive for that program, be it recorded yet or not; {@code folder} is made. */
    static ClassArchive of(Path folder, Path java, String classPath) {
        try {
            Files.createDirectories(folder);
            var key = digest();
            key.update(java.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
            var entries = new ArrayList<String>();
            for (var entry : classPath.split(File.pathSeparator, -1)) {
                var path = Path.of(entry);
                // an archive knows only jars
                var jar = Files.isDirectory(path) ? packed(folder, path) : path;
                entries.add(jar.toString());
                key.update((jar + " " + stamp(jar) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return new ClassArchive(
                    String.join(File.pathSeparator, entries), folder.resolve(hex(key).substring(0, 16) + ".jsa"));
        } catch (IOException e) {
            throw new ServerException("cannot prepare a class archive in " + folder + ": " + e, e);
        }
    }

    /** The class path to use with it. */
    String classPath() {
        return classPath;
    }

    boolean isRecorded() {
        return Files.exists(archive);
    }

    /** Options of the JVM: to use the archive, or to record one to {@code recording} at its orderly end. */
    List<String> options(Path recording) {
        // without the JVM's own remarks about classes that cannot be archived
        return List.of(
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                isRecorded() ? "-XX:SharedArchiveFile=" + archive : "-XX:ArchiveClassesAtExit=" + recording);
    }

    /** Publishes what a JVM has recorded; nothing happens when it has not. */
    void publish(Path recording) {
        try {
            if (Files.exists(recording) && !isRecorded()) {
                var part = archive.resolveSibling(archive.getFileName() + "." + UUID.randomUUID() + ".part");
                Files.copy(recording, part);
                Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
                removeOld();
            }
            Files.deleteIfExists(recording);
        } catch (IOException e) {
            throw new ServerException("cannot keep the class archive " + recording + " as " + archive + ": " + e, e);
        }
    }

    /** Forgets an archive with which a JVM crashed. */
    void discard() {
        try {
            Files.deleteIfExists(archive);
        } catch (IOException e) {
            throw new ServerException("cannot delete the class archive " + archive + ": " + e, e);
        }
    }

    private void removeOld() throws IOException {
        var newestFirst = Comparator.comparingLong(ClassArchive::modified).reversed();
        try (var files = Files.list(archive.toAbsolutePath().getParent())) {
            for (var old : files.filter(file -> file.toString().contains(".jsa"))
                    .sorted(newestFirst)
                    .skip(KEPT)
                    .toList()) {
                Files.deleteIfExists(old); // a JVM that uses it keeps it open
            }
        }
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }

    private static String stamp(Path jar) throws IOException {
        return Files.exists(jar) ? Files.size(jar) + " " + modified(jar) : "none";
    }

    /** A jar of the files below {@code classes}, named by what is in them, so that equal builds in several places share it. */
    private static Path packed(Path folder, Path classes) throws IOException {
        List<Path> files;
        try (var all = Files.walk(classes)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        var content = digest();
        for (var file : files) {
            content.update((classes.relativize(file) + "\n").getBytes(StandardCharsets.UTF_8));
            content.update(Files.readAllBytes(file));
        }
        var jar = folder.resolve("classes-" + hex(content).substring(0, 16) + ".jar");
        if (!Files.exists(jar)) {
            var part = folder.resolve(jar.getFileName() + "." + UUID.randomUUID() + ".part");
            try (var zip = new ZipOutputStream(Files.newOutputStream(part))) {
                for (var file : files) {
                    zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
            try {
                Files.createLink(jar, part);
            } catch (FileAlreadyExistsException e) {
                // another JVM was faster: its jar must stay, since archives remember the time it bears
            } finally {
                Files.delete(part);
            }
        }
        return jar;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
