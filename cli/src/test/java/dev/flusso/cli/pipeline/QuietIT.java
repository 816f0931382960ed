package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library of ours can report on its users; the program as it is shipped does nothing of the kind. */
final class QuietIT {

    @TempDir
    Path folder;

    @TempDir
    Path home;

    @Test
    @DisplayName("no file appears in the home directory, and no socket is opened but ours")
    void leavesHomeAloneAndTalksToNobodyElse() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/net")), "sockets are listed by /proc only");
        var postgres = SharedServers.postgres();
        var search = SharedServers.search();
        try (var day = new FirstDay(postgres, "quiet", search.url(), folder)) {
            day.sql("INSERT INTO users (email) SELECT i || '@x.org' FROM generate_series(1, 50) i");
            var process = day.startAtHome(home, "run");
            day.awaitTrue(Duration.ofSeconds(60));

            assertThat(remotePorts(process.pid())).isSubsetOf(postgres.port(), search.port());
            assertThat(listeningPorts(process.pid())).containsExactlyInAnyOrder(day.publicPort, day.privatePort);
            try (var files = Files.list(home)) {
                assertThat(files).isEmpty();
            }
            process.terminate();
            assertThat(process.waitForExit(Duration.ofSeconds(20))).isZero();
            try (var files = Files.list(home)) {
                assertThat(files).isEmpty();
            }
            assertThat(folder.resolve("flusso-journal")).isDirectory();
        }
    }

    private static Set<Integer> remotePorts(long pid) throws IOException {
        return ports(pid, 2, "01");
    }

    private static Set<Integer> listeningPorts(long pid) throws IOException {
        return ports(pid, 1, "0A");
    }

    /** Ports in column {@code address} of the process' own TCP sockets in a state, as {@code /proc/net/tcp} numbers both. */
    private static Set<Integer> ports(long pid, int address, String state) throws IOException {
        var own = socketInodes(pid);
        var ports = new TreeSet<Integer>();
        for (var table : new String[] {"tcp", "tcp6"}) {
            for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                var columns = line.strip().split("\\s+", -1);
                if (columns.length > 9 && columns[3].equals(state) && own.contains(columns[9])) {
                    var end = columns[address];
                    ports.add(Integer.parseInt(end.substring(end.indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    private static Set<String> socketInodes(long pid) throws IOException {
        var inodes = new HashSet<String>();
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (var descriptor : descriptors.collect(Collectors.toList())) {
                try {
                    var target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (IOException e) {
                    // closed meanwhile
                }
            }
        }
        return inodes;
    }
}
