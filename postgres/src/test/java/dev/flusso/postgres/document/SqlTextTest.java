package dev.flusso.postgres.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTextTest {

    @Test
    void doublesQuestionMarksOutsideOfQuotesAndComments() {
        assertThat(SqlText.escaped("a ? 'b' and c ?| d")).isEqualTo("a ?? 'b' and c ??| d");
        assertThat(SqlText.escaped("'?' || \"?\" || E'\\'?' || 'it''s ?' ? x"))
                .isEqualTo("'?' || \"?\" || E'\\'?' || 'it''s ?' ?? x");
        assertThat(SqlText.escaped("$$ ? $$ ? $t$ ? $$ $t$ ? $1")).isEqualTo("$$ ? $$ ?? $t$ ? $$ $t$ ?? $1");
        assertThat(SqlText.escaped("a -- ?\n ? /* ? /* ? */ ? */ ?")).isEqualTo("a -- ?\n ?? /* ? /* ? */ ? */ ??");
        assertThat(SqlText.escaped("'open ?")).isEqualTo("'open ?");
        assertThat(SqlText.escaped("note'?\\' ?")).isEqualTo("note'?\\' ??");
    }

    @Test
    void quotesLiteralsAndNames() {
        assertThat(SqlText.literal("it's \\ ?")).isEqualTo("'it''s \\ ?'");
        assertThat(SqlText.column("t", "a\"b")).isEqualTo("t.\"a\"\"b\"");
    }

    @Test
    void concatenatesInATreeThatIsNotDeep() {
        assertThat(SqlText.concatenated(List.of())).isEqualTo("''");
        assertThat(SqlText.concatenated(List.of("a", "b", "c"))).isEqualTo("(a || (b || c))");
        assertThat(SqlText.concatenated(Collections.nCopies(1024, "x"))).startsWith("((((((((((x || x)");
    }
}
