package dev.flusso.postgres.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PortionTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
    @DisplayName("P11 no portion holds more than 8 MiB, or more than one document")
    void isBounded(Portion portion) {
        assertThat(portion.rows() * portion.documentBytes()).isLessThanOrEqualTo(8L << 20);
        assertThat(Portion.of(portion.documentBytes())).isEqualTo(portion);
        assertThat(Portion.of(portion.documentBytes() + 1)).isGreaterThan(portion);
    }

    @Test
    void anyDocumentIsSentByItself() {
        assertThat(Portion.WHOLE.rows()).isOne();
        assertThat(Portion.of(32L << 20)).isEqualTo(Portion.WHOLE);
    }

    @Test
    void manyThatWereWithheldCallForALargerKindAndAFewDoNot() {
        assertThat(Portion.SMALL.following(90, 10, 30_000)).isEqualTo(Portion.SMALL);
        assertThat(Portion.SMALL.following(80, 20, 30_000)).isEqualTo(Portion.MEDIUM);
        assertThat(Portion.WHOLE.following(0, 9, 0)).isEqualTo(Portion.WHOLE);
    }

    @Test
    void aSmallerKindFollowsWhenAllWouldHaveFittedEasily() {
        assertThat(Portion.LARGE.following(10, 0, 64 << 10)).isEqualTo(Portion.MEDIUM);
        assertThat(Portion.LARGE.following(10, 0, 65 << 10)).isEqualTo(Portion.LARGE);
        assertThat(Portion.LARGE.following(10, 1, 100)).isEqualTo(Portion.LARGE);
        assertThat(Portion.LARGE.following(0, 0, 0)).isEqualTo(Portion.LARGE);
        assertThat(Portion.SMALL.following(10, 0, 100)).isEqualTo(Portion.SMALL);
    }
}
