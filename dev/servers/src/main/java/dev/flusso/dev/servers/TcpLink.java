package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.Socket;

/** Passes bytes; this thread those of the client, another those of the target. */
final class TcpLink extends ProxyLink {

    private static final int PIECE_BYTES = 64 * 1024;

    TcpLink(FaultProxy proxy, Socket client) {
        super(proxy, client);
    }

    @Override
    public void run() {
        if (proxy.mode() == FaultProxy.Mode.BLACKHOLE) {
            bytesWereLost(); // the handshake never reached the target
            proxy.awaitEndOfBlackhole();
            reset();
            return;
        }
        try {
            var target = connected();
            FaultProxy.start(
                    () -> pump(target, client, true), Thread.currentThread().getName() + "-answers");
            pump(client, target, false);
        } catch (IOException e) {
            reset();
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        var piece = new byte[PIECE_BYTES];
        try {
            for (var count = from.getInputStream().read(piece);
                    count >= 0;
                    count = from.getInputStream().read(piece)) {
                switch (proxy.admit()) {
                    case PASS, STALL, DELAY -> to.getOutputStream().write(piece, 0, count);
                    case BLACKHOLE -> bytesWereLost();
                    case REFUSE, RESET -> {
                        reset();
                        return;
                    }
                    case DROP_RESPONSE -> {
                        if (answers) {
                            end();
                            return;
                        }
                        to.getOutputStream().write(piece, 0, count);
                    }
                }
            }
            if (proxy.mode() == FaultProxy.Mode.BLACKHOLE) {
                bytesWereLost(); // so is the end of a connection
                proxy.awaitEndOfBlackhole();
                reset();
            } else if (answers) {
                end();
            } else {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            reset();
        }
    }
}
