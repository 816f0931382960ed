package dev.flusso.dev.shop;

import dev.flusso.dev.servers.ServerException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The demo's program; {@code dev/demo} builds and starts it. Exit codes: 0 all was right, 1 something was not, 2 wrong usage. */
public final class Demo {

    private Demo() {}

    public static void main(String[] words) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        DemoOptions options;
        try {
            options = DemoOptions.parse(List.of(words));
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(options, new Console(out, options.colours(), options.columns())));
    }

    private static int run(DemoOptions options, Console console) {
        var score = new Score();
        Stage stage;
        try {
            stage = Stage.set(options, console);
        } catch (DemoException | ServerException e) {
            console.failed("%s", String.valueOf(e.getMessage()));
            return 1;
        }
        try (stage) {
            perform(stage, options, console, score);
        } catch (DemoException e) {
            console.failed("%s", String.valueOf(e.getMessage()));
            score.add(false);
        }
        console.last(score.toString());
        return score.isClean() ? 0 : 1;
    }

    private static void perform(Stage stage, DemoOptions options, Console console, Score score) {
        try {
            var play = new Play(stage, options.shop(), console, score);
            play.perform();
            if (!options.once()) {
                play.invite();
                stayUp(console);
            }
        } catch (DemoException | ServerException | AssertionError e) {
            if (!stage.isClosing()) { // else it failed because of that
                console.failed(
                        "%s%s", String.valueOf(e.getMessage()), stage.flusso().logs(40));
                score.add(false);
            }
        }
    }

    private static void stayUp(Console console) {
        console.say("It all stays up until Ctrl-C.");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
