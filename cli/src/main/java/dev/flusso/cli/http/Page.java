package dev.flusso.cli.http;

import java.util.Map;
import java.util.function.Function;

/**
 * One thing to ask for.
 *
 * @param method GET, which is also HEAD, or POST
 * @param path from the root, without a slash at its end
 * @param answer makes the answer; called by several threads at once
 */
record Page(String method, String path, Function<Request, Answer> answer) {

    /**
     * What a page may want to know of a request.
     *
     * @param query the parameters, decoded; of two with one name the first
     * @param accept the Accept header, empty when there was none
     */
    record Request(Map<String, String> query, String accept) {
        Request {
            query = Map.copyOf(query);
        }
    }

    static Page get(String path, Function<Request, Answer> answer) {
        return new Page("GET", path, answer);
    }

    static Page post(String path, Function<Request, Answer> answer) {
        return new Page("POST", path, answer);
    }

    boolean serves(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    /** For the Allow header. */
    String methods() {
        return method.equals("GET") ? "GET, HEAD" : method;
    }
}
