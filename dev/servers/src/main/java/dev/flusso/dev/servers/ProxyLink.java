package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** One client's connection with its counterpart to the target. */
abstract sealed class ProxyLink implements Runnable permits TcpLink, HttpLink {

    final FaultProxy proxy;
    final Socket client;
    private volatile @Nullable Socket target;
    private volatile boolean lostBytes;
    private volatile boolean over;

    ProxyLink(FaultProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Connects to the target; the socket closes with this link. */
    final Socket connected() throws IOException {
        var socket = proxy.connectToTarget();
        target = socket;
        if (over) {
            socket.close();
        }
        return socket;
    }

    final void bytesWereLost() {
        lostBytes = true;
    }

    final void resetIfBytesWereLost() {
        if (lostBytes) {
            reset();
        }
    }

    final boolean isOver() {
        return over;
    }

    /** Ends both connections by RST, so that the client sees "connection reset". */
    final void reset() {
        try {
            client.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
        end();
    }

    /** Ends both connections. */
    final void end() {
        over = true;
        close(client);
        close(target);
        proxy.ended(this);
    }

    private static void close(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is gone, which is all we want
        }
    }
}
