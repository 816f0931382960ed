package dev.flusso.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows from a schema: the ways from a changed row to its documents, and the columns they begin with. */
class DocumentSchemaTest {

    private static final String SCHEMA = """
            table: posts
            primary_key: [tenant, id]
            fields:
              - object: who
                fields:
                  - belongs_to: author
                    table: people
                    primary_key: [tenant, id]
                    column: [tenant, author_id]
                    fields:
                      - keyword: name
                      - has_many: badges
                        table: badges
                        primary_key: id
                        foreign_key: [tenant, person_id]
                        fields: [{keyword: label}]
              - has_many: comments
                table: comments
                primary_key: id
                foreign_key: [tenant, post_id]
                fields:
                  - has_many: replies
                    table: comments
                    primary_key: id
                    foreign_key: parent_id
                    fields: [{text: body}]
                  - count: likes
                    table: likes
                    foreign_key: comment_id
              - many_to_many: tags
                table: tags
                primary_key: id
                through: {table: post_tags, left_key: [tenant, post_id], right_key: tag_id}
                fields: [{keyword: label}]
              - ids: groupIds
                table: groups
                element_type: long
                through: {table: post_groups, left_key: [tenant, post_id], right_key: group_id}
              - belongs_to: parent
                table: posts
                primary_key: [tenant, id]
                column: [tenant, parent_id]
                fields: [{keyword: title}]
            """;

    @TempDir
    Path directory;

    private DocumentSchema schema;

    @BeforeEach
    void load() throws Exception {
        schema = ConfigFiles.loadSchema(Files.writeString(directory.resolve("posts.schema.yml"), SCHEMA));
    }

    @Test
    void knowsEachWayFromAChangedRowToItsDocuments() {
        assertThat(schema.paths())
                .extracting(path -> path.table().name() + path.start() + " " + path.field() + path.hops())
                .containsExactly(
                        "posts[tenant, id] []",
                        "people[tenant, id] who.author[public.posts(tenant, author_id → tenant, id)]",
                        "badges[tenant, person_id] who.author.badges[public.posts(tenant, author_id → tenant, id)]",
                        "comments[tenant, post_id] comments[]",
                        "comments[parent_id] comments.replies[public.comments(id → tenant, post_id)]",
                        "likes[comment_id] comments.likes[public.comments(id → tenant, post_id)]",
                        "post_tags[tenant, post_id] tags[]",
                        "tags[id] tags[public.post_tags(tag_id → tenant, post_id)]",
                        "post_groups[tenant, post_id] groupIds[]",
                        "groups[] groupIds[public.post_groups(group_id → tenant, post_id)]",
                        "posts[tenant, id] parent[public.posts(tenant, parent_id → tenant, id)]");
    }

    @Test
    void needsTheColumnsEachWayBeginsWith() {
        var needs = schema.needs().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
        assertThat(needs)
                .isEqualTo(Map.of(
                        "posts", TableColumns.ofKey(List.of("tenant", "id")),
                        "people", TableColumns.ofKey(List.of("tenant", "id")),
                        "badges", TableColumns.ofReferences(List.of("tenant", "person_id")),
                        "comments", TableColumns.ofReferences(List.of("tenant", "post_id", "parent_id")),
                        "likes", TableColumns.ofReferences(List.of("comment_id")),
                        "post_tags", TableColumns.ofReferences(List.of("tenant", "post_id")),
                        "tags", TableColumns.ofKey(List.of("id")),
                        "post_groups", TableColumns.ofReferences(List.of("tenant", "post_id")),
                        "groups", TableColumns.NONE));
    }

    @Test
    void findsConditionsInSqlWhereverTheyStand() throws Exception {
        var text = SCHEMA.replace("fields: [{text: body}]", "fields: [{text: body}]\n        filters: [{raw: b}]")
                .replace("foreign_key: comment_id", "foreign_key: comment_id\n        filters: [{raw: c}]")
                .replace("fields:\n  - object", "filters: [{raw: a}]\nfields:\n  - object");
        var file = Files.writeString(directory.resolve("raw.schema.yml"), text);
        assertThat(ConfigFiles.loadSchema(file).rawFilters())
                .extracting(Filter.Raw::sql)
                .containsExactly("a", "b", "c");
        assertThat(schema.rawFilters()).isEmpty();
    }

    @Test
    void recordsRefuseWhatTheReadersRefuse() {
        var place = Place.in("x.yml");
        var table = schema.table();
        assertThatThrownBy(() -> new DocumentSchema(table, List.of("id"), null, List.of(), List.of(), place))
                .hasMessageContaining("needs a field");
        var constant = new Field.Constant("a", new Literal.Null(), place);
        assertThatThrownBy(() ->
                        new DocumentSchema(table, List.of("id"), null, List.of(), List.of(constant, constant), place))
                .hasMessageContaining("document key 'a' is used twice");
        assertThatThrownBy(() -> new Field.Join(
                        "a",
                        Field.Join.Verb.BELONGS_TO,
                        table,
                        List.of("id"),
                        new Link.ForeignKey(List.of("a")),
                        List.of(constant),
                        List.of(),
                        List.of(),
                        0,
                        false,
                        Literal.Entries.EMPTY,
                        place))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Filter.Comparison("a", Filter.Operator.BETWEEN, List.of(), place))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Place("x", 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
