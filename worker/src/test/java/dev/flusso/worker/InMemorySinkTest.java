package dev.flusso.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class InMemorySinkTest extends SinkContract {

    private final InMemorySink sink = InMemorySink.named("memory", "dev_");

    @Override
    protected Sink sink() {
        return sink;
    }

    @Override
    protected String prefix() {
        return "dev_";
    }

    @Override
    protected SortedMap<String, String> searchable(String indexOrAlias) {
        return sink.searchable(indexOrAlias);
    }

    @Override
    protected void foreignIndex(String name, List<String> aliases) {
        sink.foreignIndex(name, aliases.toArray(String[]::new));
    }

    @Override
    protected boolean exists(String index) {
        return sink.indexes().contains(index);
    }

    @Override
    protected void deleteIndex(String index) {
        sink.deleteIndex(index);
    }

    @Override
    protected void refusePoison() {
        sink.fault((generation, write) -> write instanceof DocumentWrite.Upsert upsert
                        && new String(upsert.json(), StandardCharsets.UTF_8).contains("\"poison\"")
                ? new Outcome.Rejected("strict_dynamic_mapping_exception", "[secret] is not allowed here")
                : null);
    }

    @Test
    void deliversWhatWasHeldLateAndInAnyOrder() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        sink.hold();
        var old = users.write(generation, List.of(upsert("1", 1, "old")));
        var other = users.write(generation, List.of(upsert("1", 2, "new")));
        assertThat(old).isNotDone();
        var held = sink.held();
        held.get(0).lose();
        held.get(1).deliver();
        assertThat(old).isCompletedExceptionally();
        assertThat(other).isCompletedWithValue(List.of(new Outcome.Written()));
        held.get(0).deliver();
        assertThat(sink.documents(generation)).containsEntry("1", "{\"name\":\"new\"}");
        assertThat(sink.held()).isEmpty();
    }

    @Test
    void comesBackFromABackupAsAnotherIndex() {
        var users = sink.index(index("users", false));
        var generation = users.create(1);
        users.write(generation.name(), List.of(upsert("1", 1, "old"))).join();
        var backup = sink.backup();
        users.write(generation.name(), List.of(upsert("1", 2, "new"))).join();
        sink.restore(backup);
        assertThat(sink.documents(generation.name())).containsEntry("1", "{\"name\":\"old\"}");
        assertThat(users.generations().get(0).uuid()).isNotEqualTo(generation.uuid());
        sink.rollBack(backup);
        assertThat(users.generations()).containsExactly(generation);
    }

    @Test
    void failsEveryCallWhileItIsAway() {
        var users = sink.index(index("users", false));
        var generation = users.create(1).name();
        sink.away(SinkException.Kind.UNAVAILABLE);
        assertThat(users.write(generation, List.of(upsert("1", 1, "one")))).isCompletedExceptionally();
        assertThat(users.refresh(generation)).isCompletedExceptionally();
        sink.heal();
        assertThat(sink.documents(generation)).isEmpty();
    }
}
