package dev.flusso.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void printsOneLineForPeople() {
        start(Map.of());
        ours().info("lane live lane={} position={} rows={}", "primary/users", "3-17", 12);
        assertThat(text())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  lane live"
                        + " lane=primary/users position=3-17 rows=12\n");
    }

    @Test
    void quotesAndEscapesWhatWouldBreakTheLine() {
        start(Map.of());
        ours().warn("odd value={} other={} empty={}", "two words", "a\"b\\c\nd\u001b[31m", "");
        assertThat(text()).endsWith(" WARN  odd value=\"two words\" other=\"a\\\"b\\\\c\\nd\\u001b[31m\" empty=\"\"\n");
        assertThat(text().lines()).hasSize(1);
    }

    @Test
    void keepsPlaceholdersWithoutAKeyInTheEvent() {
        start(Map.of());
        ours().info("waiting for {} attempt={} of {}", "the server", 2, 5);
        assertThat(text()).endsWith("INFO  waiting for the server of 5 attempt=2\n");
    }

    @Test
    void takesTheKeysOfTheFluentForm() {
        start(Map.of());
        ours().atInfo().addKeyValue("table", "public.users").log("table found");
        assertThat(text()).endsWith("INFO  table found table=public.users\n");
    }

    @Test
    void printsOneJsonObjectALine() throws IOException {
        start(Map.of("FLUSSO_LOG_FORMAT", "json"));
        ours().info("batch settled lane={} rows={} took={} level={} ok={} none={}", "a/b", 12, 1.5, "x", true, null);
        var json = JsonMapper.builder().build().readTree(text());
        assertThat(json.get("event").asText()).isEqualTo("batch settled");
        assertThat(json.get("lane").asText()).isEqualTo("a/b");
        assertThat(json.get("rows").isInt()).isTrue();
        assertThat(json.get("took").asDouble()).isEqualTo(1.5);
        assertThat(json.get("level").asText()).isEqualTo("INFO");
        assertThat(json.get("level_").asText()).isEqualTo("x");
        assertThat(json.get("ok").asBoolean()).isTrue();
        assertThat(json.get("none").isNull()).isTrue();
        assertThat(json.get("logger").asText()).isEqualTo("dev.flusso.probe");
        assertThat(json.get("ts").asText()).endsWith("Z");
        assertThat(text().lines()).hasSize(1);
    }

    @Test
    void tellsAnExceptionInOneLineAndItsStackOnlyAtError() throws IOException {
        var failure = new IllegalStateException("outer", new IOException("inner\nline"));
        start(Map.of());
        ours().warn("it goes on", failure);
        assertThat(text().lines())
                .singleElement()
                .asString()
                .endsWith("error=\"IllegalStateException: outer; caused by IOException: inner\\nline\"");
        ours().error("it does not", failure);
        assertThat(text()).contains("\tat dev.flusso.cli.log.LoggingTest");
        start(Map.of("FLUSSO_LOG_FORMAT", "json"));
        err.reset();
        ours().error("it does not", failure);
        assertThat(text().lines()).hasSize(1);
        var json = JsonMapper.builder().build().readTree(text());
        assertThat(json.get("error").asText()).startsWith("IllegalStateException: outer");
        assertThat(json.get("stack").asText()).contains("LoggingTest");
    }

    @Test
    void coloursTheLevelForATerminal() {
        Logging.start(LogSettings.from(Map.of(), Level.INFO, true), err);
        ours().warn("hot");
        assertThat(text()).contains("\u001b[33mWARN \u001b[0m hot");
    }

    @Test
    void survivesAnArgumentThatCannotBePrinted() {
        start(Map.of());
        ours().info("odd value={}", new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        });
        assertThat(text()).contains("odd value=");
    }

    @Test
    void hearsJavaUtilLoggingToo() {
        start(Map.of());
        var jul = java.util.logging.Logger.getLogger("org.postgresql.probe");
        jul.warning("from the driver");
        jul.info("too much");
        System.getLogger("dev.flusso.probe").log(System.Logger.Level.INFO, "by the platform");
        assertThat(text())
                .contains("WARN  from the driver logger=org.postgresql.probe", "INFO  by the platform")
                .doesNotContain("too much");
    }

    @Test
    void hearsCommonsLoggingToo() throws ReflectiveOperationException {
        start(Map.of());
        var factory = Class.forName("org.apache.commons.logging.LogFactory");
        assertThat(factory.getProtectionDomain().getCodeSource().getLocation().toString())
                .contains("jcl-over-slf4j");
    }

    @Test
    void keepsChronicleQuietAtEveryPlainLevel() {
        for (var level : List.of("info", "debug", "trace")) {
            start(Map.of("FLUSSO_LOG", level));
            LoggerFactory.getLogger("net.openhft.affinity.Affinity").warn("chatter at {}", level);
        }
        assertThat(text()).isEmpty();
        LoggerFactory.getLogger("net.openhft.chronicle.core.Jvm").error("trouble");
        assertThat(text()).contains("ERROR trouble");
    }

    @Test
    void neverLogsHttpHeaders() {
        start(Map.of("FLUSSO_LOG", "trace,org.apache.http=trace,root=trace"));
        LoggerFactory.getLogger("org.apache.http.headers").debug("Authorization: Basic xyz");
        assertThat(text()).isEmpty();
    }

    @Test
    void setsPlainAndSingleLevels() {
        start(Map.of("FLUSSO_LOG", "warn, journal=debug"));
        ours().info("hidden");
        LoggerFactory.getLogger("dev.flusso.journal.chronicle.Tail").debug("shown");
        assertThat(text()).contains("DEBUG shown logger=dev.flusso.journal").doesNotContain("hidden");
    }

    @Test
    void fallsBackToThePlainLevelOfRust() {
        start(Map.of("RUST_LOG", "flusso=trace,sqlx=off,warn"));
        ours().info("hidden");
        ours().warn("shown");
        assertThat(text()).contains("shown").doesNotContain("hidden");
        start(Map.of("RUST_LOG", "nonsense"));
        ours().info("back to the default");
        assertThat(text()).contains("back to the default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verbose", "info,journal", "journal=loud", "="})
    void refusesALevelThatThereIsNot(String value) {
        assertThatThrownBy(() -> LogSettings.from(Map.of("FLUSSO_LOG", value), Level.INFO, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FLUSSO_LOG is '" + value + "', expected error, warn");
    }

    @Test
    void refusesAFormatThatThereIsNot() {
        assertThatThrownBy(() -> LogSettings.from(Map.of("FLUSSO_LOG_FORMAT", "xml"), Level.INFO, false))
                .hasMessage("FLUSSO_LOG_FORMAT is 'xml', expected text or json");
    }

    private void start(Map<String, String> environment) {
        Logging.start(LogSettings.from(environment, Level.INFO, false), err);
    }

    private static Logger ours() {
        return LoggerFactory.getLogger("dev.flusso.probe");
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
