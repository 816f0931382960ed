package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private Path folder;

    @Test
    void packsFoldersIntoOneJarForEqualContents() throws IOException {
        var one = classes("one", "same");
        var other = classes("other", "same");
        var archive = ClassArchive.of(folder.resolve("cache"), JAVA, one + File.pathSeparator + "/a.jar");
        var jar = Path.of(archive.classPath().split(File.pathSeparator, -1)[0]);
        try (var zip = new ZipFile(jar.toFile())) {
            assertThat(zip.getEntry("p/C.class")).isNotNull();
        }
        assertThat(archive.classPath()).endsWith(File.pathSeparator + "/a.jar");
        assertThat(ClassArchive.of(folder.resolve("cache"), JAVA, other.toString())
                        .classPath())
                .isEqualTo(jar.toString());
        assertThat(ClassArchive.of(
                                folder.resolve("cache"),
                                JAVA,
                                classes("third", "changed").toString())
                        .classPath())
                .isNotEqualTo(jar.toString());
    }

    @Test
    void isRecordedOnceAndUsedByAllThatAreAlike() throws IOException {
        var jar = Files.writeString(folder.resolve("a.jar"), "a");
        var first = ClassArchive.of(folder, JAVA, jar.toString());
        var recording = folder.resolve("recording");
        assertThat(first.options(recording)).contains("-XX:ArchiveClassesAtExit=" + recording);
        first.publish(recording);
        assertThat(first.isRecorded()).isFalse();

        Files.writeString(recording, "classes");
        first.publish(recording);
        var second = ClassArchive.of(folder, JAVA, jar.toString());
        assertThat(second.isRecorded()).isTrue();
        assertThat(second.options(recording)).anyMatch(option -> option.startsWith("-XX:SharedArchiveFile=" + folder));
        assertThat(recording).doesNotExist();

        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
        assertThat(ClassArchive.of(folder, JAVA, jar.toString()).isRecorded()).isFalse();
        second.discard();
        assertThat(first.isRecorded()).isFalse();
    }

    @Test
    void keepsTheNewestFew() throws IOException {
        for (var number = 0; number < 7; number++) {
            var recording = Files.writeString(folder.resolve("recording"), "classes");
            var archive = ClassArchive.of(folder, JAVA, "/jar-" + number);
            archive.publish(recording);
            assertThat(archive.isRecorded()).isTrue();
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    private Path classes(String name, String content) throws IOException {
        var classes = folder.resolve(name);
        Files.writeString(Files.createDirectories(classes.resolve("p")).resolve("C.class"), content);
        return classes;
    }
}
