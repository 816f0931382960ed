package dev.flusso.cli.http;

import com.sun.net.httpserver.Headers;
import java.util.Optional;

/** Decides who may ask at all. Any thread. */
interface Gate {

    /** The refusal, or empty to let the request in. Headers of the answer may be set. */
    Optional<Answer> refuse(Headers request, Headers answer);

    /** Lets everybody in. */
    static Gate open() {
        return (request, answer) -> Optional.empty();
    }
}
