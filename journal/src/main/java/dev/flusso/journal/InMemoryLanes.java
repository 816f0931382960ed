package dev.flusso.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lane files that are none. Dead letters go to a temporary directory, made when first asked for. */
final class InMemoryLanes implements Lanes {

    private final Map<LaneName, TreeMap<Integer, LaneFile>> files = new TreeMap<>();
    private final Set<LaneName> owned = new HashSet<>();
    private @Nullable Path letters;

    @Override
    public synchronized List<LaneFile> all() {
        return files.values().stream().flatMap(of -> of.values().stream()).toList();
    }

    @Override
    public synchronized List<LaneFile> of(LaneName lane) {
        return List.copyOf(files.getOrDefault(lane, new TreeMap<>()).values());
    }

    @Override
    public synchronized Optional<LaneFile> find(LaneName lane, int generation) {
        return Optional.ofNullable(files.getOrDefault(lane, new TreeMap<>()).get(generation));
    }

    @Override
    public synchronized void save(LaneFile file) {
        files.computeIfAbsent(file.lane(), lane -> new TreeMap<>()).put(file.generation(), file);
    }

    @Override
    public synchronized void delete(LaneName lane, int generation) {
        files.getOrDefault(lane, new TreeMap<>()).remove(generation);
    }

    @Override
    public synchronized void forget(LaneName lane) throws IOException {
        if (owned.contains(lane)) {
            throw held(lane);
        }
        files.remove(lane);
        if (letters != null) {
            Files.deleteIfExists(letters(lane));
        }
    }

    @Override
    public synchronized Ownership own(LaneName lane) {
        if (!owned.add(lane)) {
            throw held(lane);
        }
        return new Held(lane);
    }

    private final class Held implements Ownership {

        private final LaneName lane;
        private boolean given;

        Held(LaneName lane) {
            this.lane = lane;
        }

        @Override
        public void close() {
            synchronized (InMemoryLanes.this) {
                if (!given) {
                    given = true;
                    owned.remove(lane);
                }
            }
        }
    }

    private static HeldElsewhereException held(LaneName lane) {
        return new HeldElsewhereException("the lane " + lane + " is held by another part of this process");
    }

    @Override
    public synchronized Path letters(LaneName lane) {
        try {
            if (letters == null) {
                letters = Files.createTempDirectory("flusso-letters");
            }
            return letters.resolve(lane.sink() + "-" + lane.index());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory for dead letters", e);
        }
    }
}
