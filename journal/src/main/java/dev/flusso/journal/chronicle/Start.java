package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a writer does before it appends. It holds the owner's lock. */
final class Start {

    private static final Logger LOG = LoggerFactory.getLogger(Start.class);

    private Start() {}

    static ChronicleAppender writing(Layout layout, JournalOptions options, Machine machine) throws IOException {
        var loaded = JournalState.load(layout.state());
        if (loaded.isEmpty()) {
            return first(layout, options, machine);
        }
        var state = loaded.get();
        for (var epoch : layout.epochs()) {
            if (epoch > state.epoch()) {
                LOG.info("journal event=dropped epoch={} reason=\"it was being begun when its writer died\"", epoch);
                Disk.deleteTree(layout.epoch(epoch));
            }
        }
        var bootId = machine.bootId().get();
        var doubt = Doubt.about(state.epoch(), layout);
        return state.survived(bootId) && doubt.isEmpty()
                ? goOn(layout, options, state.running(bootId), machine)
                : afterCrash(layout, options, state.running(bootId), machine, doubt);
    }

    private static ChronicleAppender first(Layout layout, JournalOptions options, Machine machine) throws IOException {
        for (var epoch : layout.epochs()) {
            var segments = layout.segments(epoch);
            Tail.dropUnbegun(segments);
            if (!layout.segments(epoch).isEmpty()) {
                throw new JournalDamagedException("cannot open the journal " + layout.root() + ": '"
                        + layout.state().getFileName() + "' is missing, though " + layout.epoch(epoch)
                        + " holds entries; restore the file, or move the directory away to begin a new journal");
            }
            Disk.deleteTree(layout.epoch(epoch));
        }
        var state = new JournalState(firstEpoch(layout), machine.bootId().get(), false, null);
        state.save(layout.state());
        return new ChronicleAppender(layout, options, new Tail(), state, machine);
    }

    /** Later than anything a lane remembers of another journal that was here: its positions must not mean something else now. */
    private static int firstEpoch(Layout layout) throws IOException {
        var newest = new AtomicInteger();
        new LaneDirectory(layout.lanes())
                .each(
                        lane -> newest.accumulateAndGet(lane.position().epoch(), Math::max),
                        damaged -> LOG.warn("journal event=lane_unreadable detail={}", damaged.getMessage()));
        return newest.get() + 1;
    }

    /** The epoch goes on, in a new segment. */
    private static ChronicleAppender goOn(Layout layout, JournalOptions options, JournalState state, Machine machine)
            throws IOException {
        for (var child : Layout.children(layout.epoch(state.epoch()))) {
            if (child.getFileName().toString().endsWith(".discard")) {
                Files.deleteIfExists(child);
            }
        }
        Tail.dropUnbegun(layout.segments(state.epoch()));
        var segments = layout.segments(state.epoch());
        var tail = new Tail();
        tail.readIntact(layout, segments);
        force(layout, state.epoch(), segments, machine.forcing());
        state.save(layout.state());
        return new ChronicleAppender(layout, options, tail, state, machine);
    }

    /**
     * Nobody knows what is missing at the end: readers go up to the first thing that cannot be read, and on in a new epoch.
     *
     * @param doubt present when the end was not forced, so that no more of it counts than that says
     */
    private static ChronicleAppender afterCrash(
            Layout layout, JournalOptions options, JournalState state, Machine machine, Optional<Doubt> doubt)
            throws IOException {
        var segments = layout.segments(state.epoch());
        var tail = new Tail();
        tail.readCrashed(segments, doubt.map(Doubt::trusted));
        tail.afterCrash();
        if (doubt.isEmpty()) {
            force(layout, state.epoch(), segments, machine.forcing());
        }
        var next = state.in(state.epoch() + 1);
        LOG.warn(
                "journal event={} epoch={} next_epoch={} last_good={} complete={}",
                doubt.isPresent() ? "not_forced" : "crashed",
                state.epoch(),
                next.epoch(),
                tail.newest(),
                tail.complete());
        var appender = new ChronicleAppender(layout, options, tail, next, machine);
        try {
            appender.beginEmptyEpoch();
        } catch (IOException | RuntimeException | Error e) {
            appender.close();
            throw e;
        }
        return appender;
    }

    /** What may not be on disk yet: what the last writer had no time to force. */
    private static void force(Layout layout, int epoch, List<Layout.Segment> segments, Forcing forcing)
            throws IOException {
        var from = Math.max(0, segments.size() - Tail.UNFORCED_SEGMENTS);
        try {
            for (var segment : segments.subList(from, segments.size())) {
                Disk.forceData(segment.path(), forcing);
            }
        } catch (IOException e) {
            new Doubt(epoch, from == 0 ? Position.BEGINNING : Pruning.oldest(segments.get(from))).note(layout);
            throw e;
        }
        var directory = layout.epoch(epoch);
        if (Files.exists(Layout.metadata(directory))) {
            Disk.forceFile(Layout.metadata(directory));
            Disk.forceDirectory(directory);
        }
    }
}
