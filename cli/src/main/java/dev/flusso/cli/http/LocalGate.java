package dev.flusso.cli.http;

import com.sun.net.httpserver.Headers;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands where there is no password, and only this machine can connect. A web page in a browser of this machine must not get in
 * either: what it sends carries an Origin, or, when it made its own name lead here, that name as Host.
 */
final class LocalGate implements Gate {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "");

    @Override
    public Optional<Answer> refuse(Headers request, Headers answer) {
        if (request.containsKey("Origin") || !LOCAL_NAMES.contains(name(request.getFirst("Host")))) {
            return Optional.of(Answer.text(
                    403,
                    "without an admin password only programs of this machine may ask, by 127.0.0.1"
                            + " or localhost; set FLUSSO_ADMIN_PASSWORD"));
        }
        return Optional.empty();
    }

    private static String name(@Nullable String host) {
        if (host == null) {
            return "";
        }
        var colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
