package dev.flusso.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What capture knew of the tables when it last looked, kept from one run to the next: DDL while it was down is noticed by it. One
 * thread. What is lost here is only that; a wrong memory costs a reseed.
 */
public interface CatalogMemory {

    /** What was kept last; empty when nothing was. */
    Optional<String> load() throws IOException;

    /** Keeps it instead of what was kept before; durable on return. */
    void save(String text) throws IOException;

    /** In a file, replaced atomically. Its directory must be there when it is first written. */
    static CatalogMemory inFile(Path file) {
        return new CatalogMemory() {
            @Override
            public Optional<String> load() throws IOException {
                return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
            }

            @Override
            public void save(String text) throws IOException {
                var fresh = file.resolveSibling(file.getFileName() + ".new");
                try (var channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                try (var folder = FileChannel.open(file.toAbsolutePath().getParent())) {
                    folder.force(true);
                }
            }
        };
    }
}
