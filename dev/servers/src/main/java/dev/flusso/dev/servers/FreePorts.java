package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Picks TCP ports of 127.0.0.1 that nobody listens on.
 *
 * <p>They are taken from below the range out of which kernels serve outgoing connections (32768 on Linux, 49152 on macOS). A port in
 * that range could be lost to a stranger's connection while its server is down, and a client that knocks on it meanwhile can even be
 * connected to itself.
 */
public final class FreePorts {

    private static final int FIRST = 15_000;
    private static final int LAST = 31_999;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /** A port that is free now and was not given out before in this JVM. */
    public static int next() {
        for (var attempt = 0; attempt < 10_000; attempt++) {
            var port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new ServerException(
                "no free TCP port of 127.0.0.1 between " + FIRST + " and " + LAST + " after 10000 tries");
    }

    /** Whether a server could listen on {@code port} of 127.0.0.1 at this moment. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
