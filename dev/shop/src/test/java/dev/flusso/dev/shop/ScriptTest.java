package dev.flusso.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The shop's SQL, cut into statements. */
final class ScriptTest {

    @Test
    void endsAStatementAtASemicolonAtTheEndOfALine() {
        assertThat(ShopDatabase.statements("-- one; two\nSELECT ';' AS a,\n  2;\n\nSELECT 3;\n"))
                .isEqualTo(List.of("-- one; two\nSELECT ';' AS a,\n  2", "SELECT 3"));
    }

    @Test
    void needsNoSemicolonAtTheEnd() {
        assertThat(ShopDatabase.statements("SELECT 1")).containsExactly("SELECT 1");
    }
}
