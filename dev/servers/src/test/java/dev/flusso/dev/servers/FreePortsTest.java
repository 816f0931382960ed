package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void givesEachPortOnceFromBelowTheEphemeralRange() {
        var ports = IntStream.range(0, 200).map(number -> FreePorts.next()).toArray();
        assertThat(ports).doesNotHaveDuplicates();
        assertThat(IntStream.of(ports)).allMatch(port -> port >= 15_000 && port < 32_000);
    }

    @Test
    void knowsATakenPort() throws IOException {
        try (var taken = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.isFree(taken.getLocalPort())).isFalse();
        }
    }
}
