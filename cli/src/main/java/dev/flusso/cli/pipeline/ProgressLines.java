package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.Shell;
import dev.flusso.worker.lane.Lane;
import dev.flusso.worker.lane.LaneStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows seeding as it goes: a bar for each lane on a terminal, a line now and then elsewhere. One thread. */
final class ProgressLines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressLines.class);

    /** Looks between two lines where there is no terminal. */
    private static final int LOOKS_A_LINE = 10;

    private final Shell shell;
    private final List<Lane> lanes;
    private final Map<Lane, ProgressBar> bars = new HashMap<>();
    private final Looking looking;
    private int looks;

    private ProgressLines(Shell shell, List<Lane> lanes) {
        this.shell = shell;
        this.lanes = lanes;
        this.looking = Looking.start(this::show);
    }

    static ProgressLines start(Shell shell, List<Lane> lanes) {
        return new ProgressLines(shell, lanes);
    }

    private void show() {
        looks++;
        for (var lane : lanes) {
            var seeding = lane.status().seeding();
            if (seeding == null) {
                var done = bars.remove(lane);
                if (done != null) {
                    done.close();
                }
            } else if (shell.errIsTerminal()) {
                bar(lane, seeding);
            } else if (looks % LOOKS_A_LINE == 0) {
                line(lane, seeding);
            }
        }
    }

    private void bar(Lane lane, LaneStatus.SeedingProgress seeding) {
        var bar = bars.computeIfAbsent(
                lane,
                named -> new ProgressBarBuilder()
                        .setTaskName("seeding " + named.name())
                        .setUnit(" docs", 1)
                        .showSpeed()
                        .setConsumer(new ConsoleProgressBarConsumer(shell.err()))
                        .build());
        bar.maxHint(Math.max(seeding.estimate(), seeding.documents()));
        bar.stepTo(seeding.documents());
    }

    private static void line(Lane lane, LaneStatus.SeedingProgress seeding) {
        LOG.info(
                "seeding lane={} documents={} of={} per_second={}{}",
                lane.name(),
                seeding.documents(),
                seeding.estimate(),
                Math.round(seeding.documentsPerSecond()),
                seeding.remaining()
                        .map(left -> " eta_seconds=" + left.toSeconds())
                        .orElse(""));
    }

    @Override
    public void close() {
        looking.close();
        bars.values().forEach(ProgressBar::close);
    }
}
