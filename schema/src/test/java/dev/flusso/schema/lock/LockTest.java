package dev.flusso.schema.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.parse.ConfigFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {

    @TempDir
    Path directory;

    private Config config;

    @BeforeEach
    void loadTheWholeLanguage() {
        config = ConfigFiles.load(Path.of("src/test/resources/whole/flusso.toml"));
    }

    @Test
    void givesBackTheModelAndTheHashes() throws Exception {
        var file = directory.resolve("flusso.lock");
        new Lock(config, "0.1.0").write(file);
        var lock = Lock.read(file);
        assertThat(lock).isEqualTo(new Lock(config, "0.1.0"));
        assertThat(lock.text()).isEqualTo(Files.readString(file));
        for (var index : config.indexes()) {
            for (var sink : config.sinks()) {
                var compiled = CompiledIndex.of(index, sink);
                assertThat(CompiledIndex.parse(compiled.text("0.1.0"), "1.lane"))
                        .isEqualTo(compiled);
            }
        }
    }

    @Test
    void holdsNoSecretThatWasGivenByReference() {
        assertThat(new Lock(config, "0.1.0").text()).contains("\"env\": \"PGPASSWORD\"");
    }

    @Test
    void refusesWhatWasEditedOrCutOff() {
        var text = new Lock(config, "0.1.0").text();
        assertThatThrownBy(() -> Lock.parse(text.replace("products", "product"), "flusso.lock"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("flusso.lock: the lock is cut off");
        assertThatThrownBy(() -> Lock.parse(text.replace("products", "Products"), "flusso.lock"))
                .hasMessage(
                        "flusso.lock: the lock was edited: its checksum does not fit; build it anew with 'flusso build'");
        assertThatThrownBy(() -> Lock.parse(text.substring(0, text.length() / 2), "flusso.lock"))
                .hasMessageContaining("the lock is cut off: ");
        assertThatThrownBy(() -> Lock.parse(text.replace("format 1", "format 2"), "flusso.lock"))
                .hasMessageContaining("has format 2, this program reads format 1");
        assertThatThrownBy(() -> Lock.parse("", "flusso.lock")).hasMessageContaining("this is no lock of flusso");
    }

    @Test
    void mindsNotTheEndsOfLines() {
        var lock = new Lock(config, "0.1.0");
        assertThat(Lock.parse(lock.text().replace("\n", "\r\n"), "flusso.lock")).isEqualTo(lock);
    }

    @Test
    void isTheSameWhereverItIsBuilt() throws Exception {
        for (var name : List.of("flusso.toml", "catalog.schema.yml", "archive.schema.yml")) {
            Files.copy(Path.of("src/test/resources/whole").resolve(name), directory.resolve(name));
        }
        var elsewhere = ConfigFiles.load(directory.resolve("flusso.toml"));
        assertThat(new Lock(elsewhere, "0.1.0").text()).isEqualTo(new Lock(config, "0.1.0").text());
    }

    @Test
    void replacesTheOldFileAsAWholeOrNotAtAll() throws Exception {
        var file = Files.writeString(directory.resolve("flusso.lock"), "old");
        new Lock(config, "0.1.0").write(file);
        assertThat(Lock.read(file).program()).isEqualTo("0.1.0");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        var taken = Files.createDirectory(directory.resolve("taken.lock"));
        assertThatThrownBy(() -> new Lock(config, "0.1.0").write(taken))
                .isInstanceOf(IOException.class)
                .hasMessage("lock '" + taken + "' is a directory, expected a file");
        assertThatThrownBy(() -> new Lock(config, "0.1.0").write(directory.resolve("no/such/flusso.lock")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void saysWhatToDoWhenThereIsNone() {
        assertThatThrownBy(() -> Lock.read(directory.resolve("flusso.lock")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(directory + "/flusso.lock: there is no lock; build one with 'flusso build'");
        assertThatThrownBy(() -> Lock.read(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the lock cannot be read");
    }

    @Test
    void warnsOfNothingWhenAllSecretsAreReferences() {
        assertThat(Lock.literalSecrets(config)).isEmpty();
    }
}
