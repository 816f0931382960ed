package dev.flusso.cli.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** What a running worker says of one lane. */
final class LaneLook {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final FirstDay day;
    private final String lane;

    LaneLook(FirstDay day, String lane) {
        this.day = day;
        this.lane = lane;
    }

    /** The lane's part of {@code /status}. */
    JsonNode status() throws Exception {
        var answer = FirstDay.http(day.publicPort, "/status");
        return FirstDay.JSON.readTree(answer.substring(4)).path("lanes").path(lane);
    }

    /** Waits until the lane is in a state, with a newest error that holds some text. */
    void await(String state, String error) {
        await(
                lane + " to be " + state + " with '" + error + "'",
                () -> status().toString(),
                text -> text.contains("\"state\":\"" + state + "\"") && text.contains(error));
    }

    /** Waits until readiness is 503 and names something. */
    void awaitUnready(String named) {
        await(
                "readiness to name '" + named + "'",
                () -> FirstDay.http(day.publicPort, "/readyz"),
                text -> text.startsWith("503 ") && text.contains(named));
    }

    void awaitReady() {
        await("readiness", () -> FirstDay.http(day.publicPort, "/readyz"), text -> text.startsWith("200 "));
    }

    private void await(String what, Callable<String> question, Predicate<String> accepted) {
        try {
            var unused = Eventually.within(SOON).value(what, question, accepted);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + day.logs(), e);
        }
    }

    /** How many lines a process has logged that hold some text. */
    static long logged(ProcessControl process, String text) {
        return process.lines().stream()
                .filter(line ->
                        line.channel() == OutputLine.Channel.ERR && line.text().contains(text))
                .count();
    }
}
