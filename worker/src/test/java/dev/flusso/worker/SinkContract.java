package dev.flusso.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Position;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Literal;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What lanes rely on in a sink that has generations. Each test finds an empty sink, or one whose {@link #prefix} is its own. */
public abstract class SinkContract {

    private static final Place PLACE = new Place("contract.schema.yml", 1, 1);

    private SinkIndex users;

    /** A sink in which names with {@link #prefix} are free. */
    protected abstract Sink sink();

    /** What stands before each name; may be empty. */
    protected abstract String prefix();

    /** What a search through an index or alias finds, id to document. */
    protected abstract SortedMap<String, String> searchable(String indexOrAlias);

    /** Creates an index that is not ours and that aliases point to. */
    protected abstract void foreignIndex(String name, List<String> aliases);

    /** Whether there is such an index. */
    protected abstract boolean exists(String index);

    /** Deletes an index as an operator would. */
    protected abstract void deleteIndex(String index);

    /** Makes the sink refuse documents whose {@code name} is {@code poison}; does nothing where the document does so by itself. */
    protected abstract void refusePoison();

    /** An index with the one field {@code name}, and {@code size} too with {@code wide}: another hash. */
    protected static IndexConfig index(String name, boolean wide) {
        var keyword = new Field.Leaf(
                "name", LeafType.KEYWORD, "name", false, List.of(), List.of(), null, Literal.Entries.EMPTY, PLACE);
        var size = new Field.Leaf(
                "size", LeafType.LONG, "size", false, List.of(), List.of(), null, Literal.Entries.EMPTY, PLACE);
        var schema = new DocumentSchema(
                new TableRef("public", name),
                List.of("id"),
                null,
                List.of(),
                wide ? List.of(keyword, size) : List.of(keyword),
                PLACE);
        return new IndexConfig(name, true, OnError.STOP, schema, PLACE);
    }

    protected static DocumentWrite upsert(String id, long version, String name) {
        return new DocumentWrite.Upsert(id, version, ("{\"name\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    protected static List<Outcome> written(SinkIndex index, String generation, DocumentWrite... writes) {
        return index.write(generation, List.of(writes))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static void refreshed(SinkIndex index, String generation) {
        index.refresh(generation).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @BeforeEach
    void open() {
        users = sink().index(index("users", false));
    }

    @Test
    void namesGenerationsByPrefixHashAndNumber() {
        assertThat(users.hash()).matches("[0-9a-f]{8}");
        assertThat(users.generationName(3)).isEqualTo(prefix() + "users_" + users.hash() + "_3");
        assertThat(sink().index(index("users", true)).hash()).isNotEqualTo(users.hash());
        assertThat(users.hasGenerations()).isTrue();
    }

    @Test
    void createsAGenerationOnce() {
        assertThat(users.generations()).isEmpty();
        var created = users.create(1);
        assertThat(created.name()).isEqualTo(users.generationName(1));
        assertThat(created.hash()).isEqualTo(users.hash());
        assertThat(created.number()).isEqualTo(1);
        assertThat(created.uuid()).isNotEmpty();
        assertThat(created.history()).isNotEmpty();
        assertThat(created.served()).isFalse();
        assertThat(created.memory()).isNull();

        written(users, created.name(), upsert("1", 1, "one"));
        assertThat(users.create(1)).isEqualTo(created);
        assertThat(users.generations()).containsExactly(created);
        refreshed(users, created.name());
        assertThat(searchable(created.name())).hasSize(1);
    }

    @Test
    void takesNoOtherProgramsIndexForItsGeneration() {
        foreignIndex(users.generationName(1), List.of());
        assertThatThrownBy(() -> users.create(1))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.REFUSED))
                .hasMessageContaining("'" + users.generationName(1) + "'");
        assertThatThrownBy(() -> users.drop(users.generationName(1)))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.REFUSED));
        assertThat(exists(users.generationName(1))).isTrue();
    }

    @Test
    void listsGenerationsOfAnyHashAndOfThisIndexAlone() {
        var archive = sink().index(index("users_archive", false));
        var wide = sink().index(index("users", true));
        archive.create(1);
        users.create(10);
        users.create(9);
        wide.create(11);
        foreignIndex(prefix() + "users_v1", List.of());
        foreignIndex(users.generationName(4), List.of());

        assertThat(users.generations())
                .extracting(SinkGeneration::name)
                .containsExactly(users.generationName(9), users.generationName(10), wide.generationName(11));
        assertThat(archive.generations()).extracting(SinkGeneration::number).containsExactly(1);
    }

    @Test
    void showsWhatWasWrittenOnceRefreshed() {
        var generation = users.create(1).name();
        assertThat(written(users, generation, upsert("a", 5, "one"), upsert("b:%3A", 5, "zwei ä \\\" \\u0000")))
                .containsExactly(new Outcome.Written(), new Outcome.Written());
        assertThat(searchable(generation)).isEmpty();
        refreshed(users, generation);
        assertThat(searchable(generation)).containsOnlyKeys("a", "b:%3A").containsEntry("a", "{\"name\":\"one\"}");

        written(users, generation, new DocumentWrite.Delete("a", 6), upsert("c", 6, "three"));
        refreshed(users, generation);
        assertThat(searchable(generation)).containsOnlyKeys("b:%3A", "c");
    }

    @Test
    @DisplayName("P4 the higher version wins, and equal means equal")
    void keepsTheHigherVersion() {
        var generation = users.create(1).name();
        var version = (1L << 48) + 5;
        written(users, generation, upsert("a", version, "new"), upsert("b", version, "old"));
        assertThat(written(
                        users,
                        generation,
                        upsert("a", version - 1, "old"),
                        upsert("b", version + 1, "new"),
                        upsert("c", version, "new")))
                .containsExactly(new Outcome.NewerThere(), new Outcome.Written(), new Outcome.Written());
        assertThat(written(users, generation, upsert("a", version, "new"), new DocumentWrite.Delete("b", version)))
                .containsExactly(new Outcome.Written(), new Outcome.NewerThere());
        refreshed(users, generation);
        assertThat(searchable(generation))
                .containsOnlyKeys("a", "b", "c")
                .allSatisfy((id, json) -> assertThat(json).contains("new"));
    }

    @Test
    @DisplayName("P4 a delete is remembered, even of what was never there")
    void remembersDeletes() {
        var generation = users.create(1).name();
        written(users, generation, upsert("a", 5, "old"));
        assertThat(written(users, generation, new DocumentWrite.Delete("a", 7), new DocumentWrite.Delete("never", 7)))
                .containsExactly(new Outcome.Written(), new Outcome.Written());
        assertThat(written(users, generation, upsert("a", 6, "old"), upsert("never", 6, "old")))
                .containsExactly(new Outcome.NewerThere(), new Outcome.NewerThere());
        assertThat(written(users, generation, upsert("a", 7, "back"))).containsExactly(new Outcome.Written());
        refreshed(users, generation);
        assertThat(searchable(generation)).containsOnlyKeys("a");
    }

    @Test
    @DisplayName("P12 a document that is refused does not keep the others out")
    void refusesOneDocumentAlone() {
        refusePoison();
        var generation = users.create(1).name();
        var poison = new DocumentWrite.Upsert(
                "2", 1, "{\"name\":\"poison\",\"secret\":\"s3cret\"}".getBytes(StandardCharsets.UTF_8));
        var outcomes = written(users, generation, upsert("1", 1, "one"), poison, upsert("3", 1, "three"));
        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Written());
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
        assertThat(outcomes.get(1).toString()).doesNotContain("s3cret");
        assertThat(outcomes.get(1).settled()).isFalse();
        assertThat(outcomes.get(2)).isEqualTo(new Outcome.Written());
        refreshed(users, generation);
        assertThat(searchable(generation)).containsOnlyKeys("1", "3");
    }

    @Test
    void writesNothingForNothing() {
        var generation = users.create(1).name();
        assertThat(written(users, generation)).isEmpty();
    }

    @Test
    @DisplayName("P9 writing to an index that is gone says so and makes no new one")
    void noticesThatAnIndexIsGone() {
        var generation = users.create(1).name();
        users.serve(generation);
        written(users, generation, upsert("1", 1, "one"));
        deleteIndex(generation);

        assertMissing(() -> written(users, generation, upsert("2", 1, "two")));
        assertMissing(() -> refreshed(users, generation));
        assertMissing(() -> users.endSeeding(generation));
        assertMissing(() -> users.serve(generation));
        assertThat(exists(generation)).isFalse();
        assertThat(users.generations()).isEmpty();
    }

    private static void assertMissing(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(failure ->
                        assertThat(sinkException(failure).kind()).isEqualTo(SinkException.Kind.INDEX_MISSING));
    }

    /** How a request failed, within half a minute. */
    public static SinkException failure(CompletableFuture<?> request) {
        try {
            throw new AssertionError("did not fail: " + request.get(30, TimeUnit.SECONDS));
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (ExecutionException e) {
            return sinkException(e);
        }
    }

    private static SinkException sinkException(Throwable failure) {
        if (failure instanceof SinkException found) {
            return found;
        }
        if (failure.getCause() == null) {
            throw new AssertionError("expected a SinkException", failure);
        }
        return sinkException(failure.getCause());
    }

    @Test
    void endsSeedingAsOftenAsItIsAsked() {
        var generation = users.create(1).name();
        written(users, generation, upsert("1", 1, "one"));
        users.endSeeding(generation);
        assertThat(searchable(generation)).containsOnlyKeys("1");
        users.endSeeding(generation);
    }

    @Test
    @DisplayName("P8 both aliases move in one step, from whatever held them")
    void movesBothAliases() {
        var wide = sink().index(index("users", true));
        var first = users.create(1).name();
        var second = wide.create(2).name();
        foreignIndex(prefix() + "users_legacy_1", List.of(prefix() + "users"));

        users.serve(first);
        written(users, first, upsert("1", 1, "one"));
        refreshed(users, first);
        assertThat(searchable(prefix() + "users")).containsOnlyKeys("1");
        assertThat(searchable(prefix() + "users_" + users.hash())).containsOnlyKeys("1");
        assertThat(exists(prefix() + "users_legacy_1")).isTrue();

        wide.serve(second);
        wide.serve(second);
        assertThat(searchable(prefix() + "users")).isEmpty();
        assertThat(users.generations()).extracting(SinkGeneration::served).containsExactly(false, true);
    }

    @Test
    void refusesToServeWhereAnIndexHasTheAliasName() {
        foreignIndex(prefix() + "users", List.of());
        var generation = users.create(1).name();
        assertThatThrownBy(() -> users.serve(generation))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.REFUSED))
                .hasMessageContaining("'" + prefix() + "users'");
        assertThat(exists(prefix() + "users")).isTrue();
    }

    @Test
    void remembersHowFarAGenerationHasCome() {
        var generation = users.create(1).name();
        var first = new SinkMemory(new Position(3, 16), 5, 1, "seeding");
        var memory = new SinkMemory(new Position(3, 17), (2L << 48) + 9, 2, "live");
        users.remember(generation, SinkMemory.NONE, first);
        users.remember(generation, first, memory);
        assertThat(users.generations()).extracting(SinkGeneration::memory).containsExactly(memory);
        assertThat(users.create(1).memory()).isEqualTo(memory);
    }

    @Test
    @DisplayName("P9 what an older copy of the sink remembers is not written over")
    void keepsAnOlderMemoryForTheNextLook() {
        var generation = users.create(1).name();
        var first = new SinkMemory(new Position(3, 16), 5, 1, "live");
        var second = new SinkMemory(new Position(3, 16), 5, 2, "live");
        var third = new SinkMemory(new Position(3, 17), 6, 3, "live");
        users.remember(generation, SinkMemory.NONE, first);
        assertThatThrownBy(() -> users.remember(generation, second, third))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.OLDER))
                .hasMessageContaining(first.position().toString());
        assertThat(users.generations()).extracting(SinkGeneration::memory).containsExactly(first);

        var other = users.create(2).name();
        assertThatThrownBy(() -> users.remember(other, first, second))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.OLDER));
        users.remember(generation, SinkMemory.NONE, second);
        users.remember(generation, first, third);
        assertThat(users.generations().get(0).memory()).isEqualTo(third);
    }

    @Test
    void dropsAGenerationAndWhatIsRememberedOfIt() {
        var generation = users.create(1);
        users.create(2);
        users.serve(generation.name());
        users.remember(generation.name(), SinkMemory.NONE, new SinkMemory(new Position(3, 17), 5, 1, "live"));
        users.drop(generation.name());
        users.drop(generation.name());
        assertThat(users.generations()).extracting(SinkGeneration::number).containsExactly(2);

        var again = users.create(1);
        assertThat(again.uuid()).isNotEqualTo(generation.uuid());
        assertThat(again.history()).isNotEqualTo(generation.history());
        assertThat(again.memory()).isNull();
    }
}
