package dev.flusso.bench.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders on the disk of {@code java.io.tmpdir}, which should be a real one. */
final class Scratch {

    private Scratch() {}

    static Path make() throws IOException {
        return Files.createTempDirectory("flusso-bench-journal");
    }

    static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
