package dev.flusso.schema.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.LeafType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValueLimitTest {

    @ParameterizedTest
    @EnumSource
    void standsInTheReferenceWithItsFieldsAndWhoRefuses(ValueLimit limit) throws Exception {
        var refuser = limit.refuser() == ValueLimit.Refuser.FLUSSO ? "flusso" : "OpenSearch";
        assertThat(Files.readAllLines(Path.of("../docs/reference/limits.md"))).anySatisfy(line -> {
            assertThat(line).endsWith("| " + limit.reason() + " | " + refuser + " |");
            for (var type : LeafType.values()) {
                assertThat(line.contains("`" + type.key() + "`")).as(type.key()).isEqualTo(limit.concerns(type));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByType(LeafType type) {
        assertThat(ValueLimit.of(type)).allMatch(limit -> limit.concerns(type));
        assertThat(ValueLimit.of(type).isEmpty()).isEqualTo(type == LeafType.BINARY);
    }
}
