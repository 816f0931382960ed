package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessControlTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void seesBothChannelsTheExitCodeAndTheEnvironment() {
        var heard = new CopyOnWriteArrayList<OutputLine>();
        try (var process = ProcessControl.command(
                        "sh", "-c", "echo \"$GREETING ${HOME-none} $PWD\"; echo oops >&2; exit 3")
                .environment("GREETING", "hello  world")
                .withoutEnvironment("HOME")
                .directory(folder)
                .onLine(heard::add)
                .start()) {
            assertThat(process.waitForExit(SOON)).isEqualTo(3);
            assertThat(process.exitCode()).hasValue(3);
            assertThat(process.output(OutputLine.Channel.OUT)).isEqualTo("hello  world none " + folder + "\n");
            assertThat(process.output(OutputLine.Channel.ERR)).isEqualTo("oops\n");
            assertThat(heard).containsExactlyInAnyOrderElementsOf(process.lines());
            assertThat(process).hasToString("sh[pid " + process.pid() + ", exit 3]");
        }
    }

    @Test
    void hasAnEmptyInputAndASessionOfItsOwnUnderThePidWeKnow() {
        try (var process = ProcessControl.command("sh", "-c", "cat; echo $$; ps -o sid= -p $$")
                .start()) {
            assertThat(process.waitForExit(SOON)).isZero();
            var pid = Long.toString(process.pid());
            assertThat(process.lines()).extracting(line -> line.text().strip()).containsExactly(pid, pid);
        }
    }

    @Test
    void findsALineWrittenBeforeOrAfterTheCall() {
        try (var process = ProcessControl.command("sh", "-c", "echo one; echo two; sleep 0.1; echo one again; sleep 60")
                .start()) {
            assertThat(process.awaitLine("^two", SOON).text()).isEqualTo("two");
            assertThat(process.awaitLine("^one", SOON).text()).isEqualTo("one");
            assertThat(process.awaitLine("^one", 1, SOON).text()).isEqualTo("one again");
            assertThat(process.lineCount()).isEqualTo(3);
            assertThatThrownBy(() -> process.awaitLine("three", Duration.ofMillis(50)))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("did not write within PT0.05S a line like 'three'")
                    .hasMessageContaining("one again");
        }
    }

    @Test
    void saysSoWhenTheProcessEndsWithoutTheLine() {
        try (var process = ProcessControl.command("sh", "-c", "echo last words").start()) {
            assertThatThrownBy(() -> process.awaitLine("never", SOON))
                    .hasMessageContaining("ended without a line like 'never'")
                    .hasMessageContaining("last words");
        }
    }

    @Test
    void terminatesAndReportsTheSignal() {
        try (var process = ProcessControl.command(
                        "sh", "-c", "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.02; done")
                .start()) {
            process.awaitLine("up", SOON);
            process.terminate();
            assertThat(process.waitForExit(SOON)).isEqualTo(5);
            assertThat(process.output(OutputLine.Channel.OUT)).isEqualTo("up\nbye\n");
        }
        try (var process = ProcessControl.command("sleep", "60").start()) {
            process.terminate();
            assertThat(process.waitForExit(SOON)).isEqualTo(128 + 15);
        }
    }

    @Test
    void killsTheWholeTreeFrozenOrNot() {
        for (var frozen : List.of(false, true)) {
            try (var process = ProcessControl.command("sh", "-c", "sleep 60 & (sleep 61 & echo up; wait) & wait")
                    .start()) {
                process.awaitLine("up", SOON);
                var tree = ProcessHandle.of(process.pid())
                        .orElseThrow()
                        .descendants()
                        .map(ProcessHandle::pid)
                        .toList();
                assertThat(tree).hasSize(3);
                if (frozen) {
                    process.freeze();
                }
                process.killHard();
                assertThat(process.isAlive()).isFalse();
                assertThat(process.exitCode()).hasValue(128 + 9);
                assertThat(tree).allMatch(ProcessTree::isGone);
            }
        }
    }

    @Test
    void standsStillWhileFrozen() {
        try (var process = ProcessControl.command("sh", "-c", "while :; do echo tick; sleep 0.01; done")
                .start()) {
            process.awaitLine("tick", SOON);
            process.freeze();
            var before = Eventually.within(SOON)
                    .value("a count that stays", process::lineCount, count -> count == settled(process));
            assertThat(process.lineCount()).isEqualTo(before);
            process.thaw();
            process.awaitLine("tick", before, SOON);
        }
    }

    /** The count after a while in which a running process would have written several lines. */
    private static long settled(ProcessControl process) {
        assertThatThrownBy(() -> process.awaitLine("never", Duration.ofMillis(100)))
                .isInstanceOf(ServerException.class);
        return process.lineCount();
    }

    @Test
    void writesItsOutputToAFile() throws IOException {
        var file = folder.resolve("out");
        try (var process = ProcessControl.command("sh", "-c", "echo kept; echo seen >&2")
                .outputTo(file)
                .start()) {
            process.waitForExit(SOON);
            assertThat(process.lines()).extracting(OutputLine::text).containsExactly("seen");
        }
        assertThat(Files.readString(file)).isEqualTo("kept\n");
    }

    @Test
    void saysWhichProgramIsMissing() {
        try (var process = ProcessControl.command("no-such-program-here").start()) {
            assertThat(process.waitForExit(SOON)).isEqualTo(127);
            assertThat(process.lastLines(5)).contains("no-such-program-here");
        }
    }

    @Test
    void complainsWhenTheEndDoesNotCome() {
        try (var process = ProcessControl.command("sleep", "60").name("sleeper").start()) {
            assertThatThrownBy(() -> process.waitForExit(Duration.ofMillis(20)))
                    .hasMessageContaining("sleeper")
                    .hasMessageContaining("still runs after PT0.02S");
        }
    }
}
