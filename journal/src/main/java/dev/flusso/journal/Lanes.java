package dev.flusso.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The lane files of a journal: {@code <journal>/lanes/<sink>/<index>/<generation>.lane}. Any thread, any process.
 *
 * <p>A file that cannot be read (another format version, damaged) is an {@link LaneFileDamagedException} naming it; it is never
 * treated as absent, since that would let retention delete what its lane needs.
 */
public interface Lanes {

    /** Every lane file there is, by lane, then generation. */
    List<LaneFile> all() throws IOException;

    /** The files of one lane by generation, oldest first; empty when there are none. */
    List<LaneFile> of(LaneName lane) throws IOException;

    /** The file of one generation. */
    Optional<LaneFile> find(LaneName lane, int generation) throws IOException;

    /**
     * Writes a lane file: when this returns, it is on disk whole, or the old one still is. Only the holder of the lane's lock may
     * call this.
     */
    void save(LaneFile file) throws IOException;

    /** Removes the file of one generation; nothing happens when it is not there. Durable on return. */
    void delete(LaneName lane, int generation) throws IOException;

    /** Removes every trace of a lane: files, letters, lock. Refused with {@link HeldElsewhereException} while a worker holds it. */
    void forget(LaneName lane) throws IOException;

    /**
     * Becomes the one worker of a lane, until the ownership is closed or the process ends in whatever way.
     *
     * @throws HeldElsewhereException at once, naming the holder, when another process or another part of this one has it
     */
    Ownership own(LaneName lane) throws IOException;

    /** Where the lane's dead letters are kept: an append-only file of the worker's, beside its lane files. */
    Path letters(LaneName lane);
}
