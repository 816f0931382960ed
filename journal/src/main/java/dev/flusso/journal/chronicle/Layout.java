package dev.flusso.journal.chronicle;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Which file lies where below a journal's directory; drawn in the package's page. */
record Layout(Path root) {

    /** What Chronicle calls a segment: it believes that each takes an hour, and that we are in 1970. */
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuuMMdd-HH'F'");

    private static final String SUFFIX = ".cq4";
    private static final String EPOCH = "epoch-";
    static final int SECONDS_IN_SEGMENT_NAME = 3600;

    /**
     * One segment's file.
     *
     * @param epoch the epoch it belongs to
     * @param number its number in the epoch, 0 or more; the upper half of its entries' index
     */
    record Segment(int epoch, int number, Path path) implements Comparable<Segment> {

        @Override
        public int compareTo(Segment other) {
            var byEpoch = Integer.compare(epoch, other.epoch);
            return byEpoch != 0 ? byEpoch : Integer.compare(number, other.number);
        }
    }

    Path ownerLock() {
        return root.resolve("owner.lock");
    }

    Path state() {
        return root.resolve("current");
    }

    /** Written when an epoch's end could not be forced. */
    Path doubt() {
        return root.resolve("doubt");
    }

    Path lanes() {
        return root.resolve("lanes");
    }

    Path epoch(int epoch) {
        return root.resolve(EPOCH + epoch);
    }

    static Path metadata(Path epochDirectory) {
        return epochDirectory.resolve("metadata.cq4t");
    }

    Segment segment(int epoch, int number) {
        var hour = LocalDateTime.ofEpochSecond((long) number * SECONDS_IN_SEGMENT_NAME, 0, ZoneOffset.UTC);
        return new Segment(epoch, number, epoch(epoch).resolve(HOUR.format(hour) + SUFFIX));
    }

    /** The epochs that have a directory, oldest first; none when the journal is not there. */
    List<Integer> epochs() throws IOException {
        var epochs = new ArrayList<Integer>();
        for (var path : children(root)) {
            var name = path.getFileName().toString();
            if (name.startsWith(EPOCH) && name.substring(EPOCH.length()).matches("[1-9]\\d{0,8}")) {
                epochs.add(Integer.parseInt(name.substring(EPOCH.length())));
            }
        }
        Collections.sort(epochs);
        return epochs;
    }

    /** The segments of one epoch, oldest first; none when its directory is not there. */
    List<Segment> segments(int epoch) throws IOException {
        var segments = new ArrayList<Segment>();
        for (var path : children(epoch(epoch))) {
            number(path.getFileName().toString()).ifPresent(number -> segments.add(new Segment(epoch, number, path)));
        }
        Collections.sort(segments);
        return segments;
    }

    /** Every segment up to an epoch, oldest first. */
    List<Segment> segmentsThrough(int lastEpoch) throws IOException {
        var all = new ArrayList<Segment>();
        for (var epoch : epochs()) {
            if (epoch <= lastEpoch) {
                all.addAll(segments(epoch));
            }
        }
        return all;
    }

    private static Optional<Integer> number(String fileName) {
        if (!fileName.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            var hour = LocalDateTime.parse(fileName.substring(0, fileName.length() - SUFFIX.length()), HOUR);
            return Optional.of((int) (hour.toEpochSecond(ZoneOffset.UTC) / SECONDS_IN_SEGMENT_NAME));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static List<Path> children(Path directory) throws IOException {
        var paths = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        Collections.sort(paths);
        return paths;
    }
}
