package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private final AtomicInteger received = new AtomicInteger();
    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        FaultProxy.start(this::accept, "echo");
        proxy = FaultProxy.tcp("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesBothWaysAndTheEndOfTheConnection() throws IOException {
        try (var client = client()) {
            assertThat(said(client, 'a')).isEqualTo('a');
            assertThat(said(client, 'b')).isEqualTo('b');
            assertThat(proxy.openConnections()).isEqualTo(1);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        Eventually.within(Duration.ofSeconds(5)).until("the link to be gone", () -> proxy.openConnections() == 0);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void refusesAndThenListensOnTheSamePortAgain() throws IOException {
        try (var client = client()) {
            said(client, 'a');
            proxy.refuse();
            assertThatThrownBy(() -> said(client, 'b')).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
        proxy.pass();
        try (var client = client()) {
            assertThat(said(client, 'c')).isEqualTo('c');
        }
    }

    @Test
    void resetsOpenAndNewConnections() throws IOException {
        try (var client = client()) {
            said(client, 'a');
            proxy.reset();
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThatThrownBy(() -> {
                    try (var client = client()) {
                        said(client, 'b');
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(received).hasValue(1);
    }

    @Test
    void swallowsWhatIsSaidAndResetsWhoLostBytesAtTheEnd() throws IOException {
        try (var talker = client();
                var idle = client()) {
            said(talker, 'a');
            said(idle, 'b');
            proxy.blackhole();
            assertThatThrownBy(() -> said(talker, 'c')).isInstanceOf(SocketTimeoutException.class);
            try (var late = client()) {
                assertThatThrownBy(() -> said(late, 'd')).isInstanceOf(SocketTimeoutException.class);
                proxy.pass();
                assertThatThrownBy(() -> late.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            assertThatThrownBy(() -> talker.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(said(idle, 'e')).isEqualTo('e');
        }
        assertThat(received).hasValue(3);
    }

    @Test
    void stallsAndLetsEverythingGoOnLater() throws IOException {
        try (var client = client()) {
            said(client, 'a');
            proxy.stall();
            assertThatThrownBy(() -> said(client, 'b')).isInstanceOf(SocketTimeoutException.class);
            proxy.pass();
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void delaysEachWay() throws IOException {
        try (var client = client()) {
            proxy.delay(Duration.ofMillis(60));
            client.setSoTimeout(5_000);
            var begin = System.nanoTime();
            assertThat(said(client, 'a')).isEqualTo('a');
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        }
    }

    @Test
    void deliversTheRequestAndLosesTheAnswer() throws IOException {
        try (var client = client()) {
            proxy.dropResponses();
            assertThat(said(client, 'a')).isEqualTo(-1);
        }
        assertThat(received).hasValue(1);
    }

    @Test
    void cutsAllAndTakesNewOnesAtOnce() throws IOException {
        try (var client = client()) {
            said(client, 'a');
            proxy.cutAll();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (var client = client()) {
            assertThat(said(client, 'b')).isEqualTo('b');
        }
    }

    @Test
    void resetsTheClientWhenTheTargetIsAway() throws IOException {
        echo.close();
        try (var client = client()) {
            assertThatThrownBy(() -> {
                        if (said(client, 'a') < 0) {
                            throw new IOException("ended");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void putsItselfIntoUrlsAndRefusesThoseOfOthers() {
        var direct = "jdbc:postgresql://127.0.0.1:" + echo.getLocalPort() + "/db";
        assertThat(proxy.through(direct)).isEqualTo("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/db");
        assertThatThrownBy(() -> proxy.through("http://elsewhere:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elsewhere");
        assertThatThrownBy(proxy::http).isInstanceOf(IllegalStateException.class);
    }

    private Socket client() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(200);
        return socket;
    }

    private static int said(Socket client, char letter) throws IOException {
        client.getOutputStream().write(letter);
        return client.getInputStream().read();
    }

    private void accept() {
        while (!echo.isClosed()) {
            try {
                var socket = echo.accept();
                FaultProxy.start(() -> answer(socket), "echo-link");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            for (var letter = socket.getInputStream().read();
                    letter >= 0;
                    letter = socket.getInputStream().read()) {
                received.incrementAndGet();
                socket.getOutputStream().write(letter);
            }
        } catch (IOException e) {
            // the test has cut it
        }
    }
}
