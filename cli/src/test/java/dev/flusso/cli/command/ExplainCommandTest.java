package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flusso.cli.command.Explanation.Hop;
import dev.flusso.cli.command.Explanation.Shown;
import dev.flusso.cli.command.Explanation.Way;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<Way> WAYS = List.of(
            new Way("public.users", "", List.of("id"), List.of(), ""),
            new Way("public.orders", "orders", List.of("user_id"), List.of(), ""),
            new Way(
                    "public.order_items",
                    "orders.items",
                    List.of("order_id"),
                    List.of(new Hop("public.orders", List.of("id"), List.of("user_id"))),
                    "SELECT 3"),
            new Way("public.tags", "tags", List.of(), List.of(), ""));

    private final CapturedShell shell = new CapturedShell();

    /** Runs the command over an inquiry that answers the same whatever is asked, but for the key. */
    private int run(@Nullable Shown document, String... args) {
        var inquiry = new Inquiry() {
            @Override
            public List<Verified> verify(RunOptions options, Scope scope) {
                throw new UnsupportedOperationException("only explain is asked here");
            }

            @Override
            public Explanation explain(RunOptions options, @Nullable String key) {
                assertThat(options.indexes()).containsExactly("users");
                return new Explanation(
                        "users",
                        "public.users",
                        List.of("id"),
                        WAYS,
                        "SELECT 1",
                        List.of("Index Scan", "  Filter"),
                        "SELECT 2",
                        key == null ? null : document);
            }
        };
        return shell.run(its -> Commands.of(its, RememberingPipeline::new, () -> null, () -> inquiry), args);
    }

    @Test
    void tellsPeopleTheWaysOfAChangeAndTheStatements() throws Exception {
        var document = new Shown("7", "7", JSON.readTree("{\"id\": 7}"), "");
        assertThat(run(document, "explain", "users", "--key", "7")).isZero();
        assertThat(shell.out()).isEqualTo("""
                -- index users: one document for each row of public.users, named by id

                -- which changes touch it
                a change in public.users touches users by id
                a change in public.orders touches users at orders, through user_id
                a change in public.order_items touches users at orders.items, through order_id,\
                 then the rows of public.orders with that id and their user_id
                a change in public.tags touches users at tags, through its primary key

                -- documents by key; the parameters are arrays of key texts
                SELECT 1

                -- its plan
                Index Scan
                  Filter

                -- documents of a range, for seeding
                SELECT 2

                -- from public.order_items at orders.items
                SELECT 3

                -- document 7
                _id 7
                {
                  "id" : 7
                }
                """);
    }

    @Test
    void tellsProgramsTheSame() throws Exception {
        var document = new Shown("7", "7", JSON.readTree("{\"id\": 7}"), "");
        assertThat(run(document, "explain", "users", "--key", "7", "--format", "json"))
                .isZero();
        assertThat(JSON.readTree(shell.out())).isEqualTo(JSON.readTree("""
                {"index": "users", "table": "public.users", "primary_key": ["id"],
                 "paths": [
                   {"table": "public.users", "field": "", "start": ["id"], "hops": [],
                    "sentence": "a change in public.users touches users by id", "sql": null},
                   {"table": "public.orders", "field": "orders", "start": ["user_id"], "hops": [],
                    "sentence": "a change in public.orders touches users at orders, through user_id", "sql": null},
                   {"table": "public.order_items", "field": "orders.items", "start": ["order_id"],
                    "hops": [{"table": "public.orders", "match": ["id"], "result": ["user_id"]}],
                    "sentence": "a change in public.order_items touches users at orders.items, through order_id, then the rows of public.orders with that id and their user_id",
                    "sql": "SELECT 3"},
                   {"table": "public.tags", "field": "tags", "start": [], "hops": [],
                    "sentence": "a change in public.tags touches users at tags, through its primary key", "sql": null}],
                 "documents_sql": "SELECT 1", "plan": ["Index Scan", "  Filter"], "range_sql": "SELECT 2",
                 "document": {"key": "7", "id": "7", "remark": null, "content": {"id": 7}}}"""));
    }

    @Test
    void saysWhyThereIsNothingToShow() throws Exception {
        assertThat(run(new Shown("8", "", null, "there is none"), "explain", "users", "--key", "8", "--format=json"))
                .isZero();
        assertThat(JSON.readTree(shell.out()).path("document"))
                .isEqualTo(JSON.readTree(
                        "{\"key\": \"8\", \"id\": null, \"remark\": \"there is none\", \"content\": null}"));
    }

    @Test
    void takesNoOtherFormat() {
        assertThat(run(null, "explain", "users", "--format", "yaml")).isEqualTo(ExitCode.INVALID.number());
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains("'yaml' is no format, expected human or json");
    }
}
