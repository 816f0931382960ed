package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {

    @TempDir
    private Path base;

    @Test
    void removesWhatDeadOwnersLeftAndNothingElse() throws IOException {
        var dead = WorkFolder.open(base);
        Files.createDirectories(dead.path().resolve("postgres-1/data"));
        Files.writeString(dead.path().resolve("postgres-1/data/PG_VERSION"), "16");
        dead.abandon();
        var living = WorkFolder.open(base);
        assertThat(dead.path()).doesNotExist();
        assertThat(living.path()).exists();
        var third = WorkFolder.open(base);
        assertThat(living.path()).exists().isNotEqualTo(third.path());
        living.abandon();
        third.abandon();
    }

    @Test
    void givesEachServerAPlaceOfItsOwn() {
        assertThat(WorkFolder.fresh("postgres")).isNotEqualTo(WorkFolder.fresh("postgres"));
    }
}
