package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A process with all its descendants, to which signals go together. Postgres' backends have process groups of their own, so a signal to
 * the group would not reach them.
 */
final class ProcessTree {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ProcessHandle root;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /** Stops (SIGSTOP) the root, then its descendants, and returns when all of them stand still. */
    void freeze() {
        signal("STOP", List.of(root.pid()));
        var stopped = new LinkedHashSet<Long>(List.of(root.pid()));
        // a descendant may have had a child while it was not stopped yet
        for (var fresh = others(stopped); !fresh.isEmpty(); fresh = others(stopped)) {
            signal("STOP", fresh);
            stopped.addAll(fresh);
        }
        Eventually.within(DEADLINE)
                .until(
                        "processes " + stopped + " to stand still",
                        () -> stopped.stream().allMatch(pid -> "TtZX?".indexOf(state(pid)) >= 0));
    }

    /** Lets all go on (SIGCONT). */
    void thaw() {
        var all = others(Set.of());
        all.add(root.pid());
        signal("CONT", all);
    }

    /** Kills (SIGKILL) all at one moment of theirs, and returns when none of them runs any more. */
    void kill() {
        if (!root.isAlive()) {
            return;
        }
        signal("STOP", List.of(root.pid())); // so that it has no further children while they are counted
        var all = others(Set.of());
        all.add(0, root.pid());
        signal("KILL", all);
        Eventually.within(DEADLINE)
                .until(
                        "killed processes " + all + " to be gone",
                        () -> all.stream().allMatch(ProcessTree::isGone));
    }

    /** Sends a signal to the root alone. */
    void signalRoot(String name) {
        signal(name, List.of(root.pid()));
    }

    private List<Long> others(Set<Long> known) {
        var pids = new ArrayList<Long>();
        root.descendants()
                .map(ProcessHandle::pid)
                .filter(pid -> !known.contains(pid))
                .forEach(pids::add);
        return pids;
    }

    /** A zombie is gone: in a container nobody may ever collect it. */
    static boolean isGone(long pid) {
        var alive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        return !alive || "ZX".indexOf(state(pid)) >= 0;
    }

    /** The state letter of /proc, or '?' where there is no /proc or no such process. */
    private static char state(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return '?';
        }
    }

    /** A pid that is gone meanwhile is no error. */
    private static void signal(String name, List<Long> pids) {
        var command = new ArrayList<>(
                List.of("sh", "-c", "for pid; do kill -s " + name + " \"$pid\"; done 2>/dev/null; :", "kill"));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            var kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new ServerException("'kill -s " + name + "' for " + pids + " did not return within " + DEADLINE);
            }
        } catch (IOException e) {
            throw new ServerException("cannot send SIG" + name + " to " + pids + ": no 'sh' could be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while sending SIG" + name + " to " + pids, e);
        }
    }
}
