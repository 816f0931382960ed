package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.Position;
import dev.flusso.schema.OnError;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {

    private static final Outcome.Rejected REJECTED = new Outcome.Rejected("mapper_parsing_exception", "no number");

    @RegisterExtension
    final World world = new World();

    @TempDir
    Path folder;

    private static Item item(long version) {
        return new Item(Key.of("1"), new DocumentWrite.Delete("1", version), 0, List.of(), null);
    }

    @Test
    @DisplayName("P12 a letter is cleared by a write that is not older than what was put away, and by no other")
    void anOlderWriteClearsNoLetter() throws IOException {
        world.onError = OnError.SKIP;
        var letters = DeadLetters.open(folder.resolve("letters"));
        var refusals = new Refusals(world.context(world.journal), "users_1", letters);
        assertThat(refusals.putAway(item(9), REJECTED, Position.BEGINNING)).isTrue();
        refusals.written(item(5));
        assertThat(letters.size()).as("a slow scan's write").isOne();
        refusals.written(item(9));
        assertThat(letters.size()).isZero();
    }
}
