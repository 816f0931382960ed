package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AskerTest {

    private final Mailbox mailbox = new Mailbox();
    private final List<String> told = new ArrayList<>();

    @Test
    @DisplayName("P10 whatever ends the question, its asker is told once")
    void tellsOfErrorsToo() {
        var asker = new Asker(Runnable::run, mailbox);
        assertThatThrownBy(() -> asker.ask(
                        () -> {
                            throw new StackOverflowError("too deep");
                        },
                        found -> told.add("found"),
                        e -> told.add(e.getMessage())))
                .isInstanceOf(StackOverflowError.class);
        mailbox.drain();
        assertThat(told).singleElement().asString().contains("StackOverflowError", "too deep");
    }
}
