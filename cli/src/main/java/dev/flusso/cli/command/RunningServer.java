package dev.flusso.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.cli.http.Credentials;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A flusso that runs, asked over HTTP. */
final class RunningServer {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final URI root;
    private final Credentials credentials;
    private final ExitCode unreachable;

    /** @param unreachable how the command ends when nobody answers */
    RunningServer(URI root, Credentials credentials, ExitCode unreachable) {
        this.root = root;
        this.credentials = credentials;
        this.unreachable = unreachable;
    }

    URI root() {
        return root;
    }

    /** What it answered. */
    record Reply(int status, String body) {
        boolean succeeded() {
            return status / 100 == 2;
        }
    }

    /**
     * Asks once.
     *
     * @throws CommandException when nobody answers
     */
    Reply ask(String method, String path) {
        var url = root + path;
        try {
            // A proxy is for the outside world; the status of this machine is asked directly.
            var connection = (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) ANSWER.toMillis());
            connection.setInstanceFollowRedirects(false);
            credentials.secret().ifPresent(password -> authorize(connection, password));
            var status = connection.getResponseCode();
            try (var body = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
                var text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                return new Reply(status, text.strip());
            }
        } catch (IOException e) {
            throw new CommandException(
                    unreachable,
                    "no answer from " + url + ": " + e.getMessage() + "; is it running, and is this its address?",
                    e);
        }
    }

    /** As {@link #ask}, and an answer that is no success is an exception with the server's own words. */
    String expect(String method, String path) {
        var reply = ask(method, path);
        if (reply.succeeded()) {
            return reply.body();
        }
        var advice = reply.status() == 401 ? "; give --admin-user and --admin-password" : "";
        // what was asked for is not there, or makes no sense: that is how it was asked, not how it went
        var code = reply.status() == 400 || reply.status() == 404 ? ExitCode.INVALID : ExitCode.FAILED;
        throw new CommandException(
                code, root + path + " answered " + reply.status() + ": " + words(reply.body()) + advice);
    }

    /** Of {@code {"error": "..."}} what it says; anything else as it is. */
    private static String words(String body) {
        if (!body.startsWith("{")) {
            return body;
        }
        try {
            return JsonMapper.builder().build().readTree(body).path("error").asText(body);
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    private void authorize(HttpURLConnection connection, String password) {
        var pair = credentials.user() + ":" + password;
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
