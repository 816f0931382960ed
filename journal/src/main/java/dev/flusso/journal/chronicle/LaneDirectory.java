package dev.flusso.journal.chronicle;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneFileDamagedException;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lanes;
import dev.flusso.journal.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The lane files in their directories; drawn in the package's page. */
final class LaneDirectory implements Lanes {

    private static final Pattern GENERATION = Pattern.compile("([1-9]\\d{0,8})\\.lane");

    private final Path root;

    LaneDirectory(Path root) {
        this.root = root;
    }

    @Override
    public List<LaneFile> all() throws IOException {
        var all = new ArrayList<LaneFile>();
        for (var sink : Layout.children(root)) {
            for (var index : Layout.children(sink)) {
                all.addAll(in(index));
            }
        }
        all.sort(Comparator.comparing(LaneFile::lane).thenComparing(LaneFile::generation));
        return List.copyOf(all);
    }

    /** As {@link #all}, but one that cannot be read does not hide the others. */
    void each(Consumer<LaneFile> readable, Consumer<LaneFileDamagedException> damaged) throws IOException {
        for (var sink : Layout.children(root)) {
            for (var index : Layout.children(sink)) {
                for (var path : Layout.children(index)) {
                    if (GENERATION.matcher(path.getFileName().toString()).matches()) {
                        try {
                            load(path).ifPresent(readable);
                        } catch (LaneFileDamagedException e) {
                            damaged.accept(e);
                        }
                    }
                }
            }
        }
    }

    @Override
    public List<LaneFile> of(LaneName lane) throws IOException {
        return List.copyOf(in(directory(lane)));
    }

    private static List<LaneFile> in(Path directory) throws IOException {
        var files = new ArrayList<LaneFile>();
        for (var path : Layout.children(directory)) {
            if (GENERATION.matcher(path.getFileName().toString()).matches()) {
                load(path).ifPresent(files::add);
            }
        }
        files.sort(Comparator.comparing(LaneFile::generation));
        return files;
    }

    @Override
    public Optional<LaneFile> find(LaneName lane, int generation) throws IOException {
        return load(file(lane, generation));
    }

    private static Optional<LaneFile> load(Path path) throws IOException {
        try {
            var text = SealedText.read(path, LaneText.KIND, LaneText.VERSION);
            var file = LaneText.parse(text);
            var expected = file.lane() + "/" + file.generation() + ".lane";
            if (!path.endsWith(expected)) {
                throw new IllegalArgumentException("it is that of " + expected);
            }
            return Optional.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (SealedText.BrokenSealException | IllegalArgumentException e) {
            throw new LaneFileDamagedException(
                    "cannot use the lane file " + path + ": " + e.getMessage()
                            + "; restore it, or give its lane up with: flusso journal forget <sink>/<index>",
                    e);
        }
    }

    @Override
    public void save(LaneFile file) throws IOException {
        var path = file(file.lane(), file.generation());
        Disk.makeDirectories(Disk.parent(path));
        SealedText.write(path, LaneText.KIND, LaneText.VERSION, LaneText.print(file));
    }

    @Override
    public void delete(LaneName lane, int generation) throws IOException {
        if (Files.deleteIfExists(file(lane, generation))) {
            Disk.forceDirectory(directory(lane));
        }
    }

    @Override
    public void forget(LaneName lane) throws IOException {
        var directory = directory(lane);
        if (!Files.isDirectory(directory)) {
            return;
        }
        var ownership = own(lane);
        try {
            var lock = lock(lane);
            for (var child : Layout.children(directory)) {
                if (!child.getFileName().equals(lock.getFileName())) {
                    Files.deleteIfExists(child);
                }
            }
            // last: whoever waits for the lock sees that the lane is gone, and makes it anew
            Files.deleteIfExists(lock);
            Files.deleteIfExists(directory);
        } finally {
            ownership.close();
        }
        var sink = Disk.parent(directory);
        Disk.forceDirectory(sink);
        if (Layout.children(sink).isEmpty()) {
            Files.deleteIfExists(sink);
        }
    }

    @Override
    public Ownership own(LaneName lane) throws IOException {
        return HeldFile.take(lock(lane), "the lane " + lane);
    }

    @Override
    public Path letters(LaneName lane) {
        return directory(lane).resolve("letters");
    }

    private Path lock(LaneName lane) {
        return directory(lane).resolve("lock");
    }

    private Path file(LaneName lane, int generation) {
        return directory(lane).resolve(generation + ".lane");
    }

    private Path directory(LaneName lane) {
        return root.resolve(lane.sink()).resolve(lane.index());
    }
}
