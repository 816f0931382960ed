package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.http.Address;
import dev.flusso.cli.http.Credentials;
import dev.flusso.cli.http.IndexControl;
import dev.flusso.cli.http.PrivateSurface;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminCommandTest {
    private final PrivateSurface surface =
            PrivateSurface.open(new Address("127.0.0.1", 0), new Credentials("admin", "hunter2"), new OneIndex());
    private final CapturedShell shell = new CapturedShell()
            .with("FLUSSO_SERVER", "127.0.0.1:" + surface.address().getPort())
            .with("FLUSSO_ADMIN_PASSWORD", "hunter2");

    @AfterEach
    void stop() {
        surface.close();
    }

    @Test
    void printsTheIndexes() {
        assertThat(shell.run(Commands::of, "indexes")).isZero();
        assertThat(shell.out()).isEqualTo("{\n  \"users\" : \"seeded\"\n}\n");
    }

    @Test
    void asksForAReindex() {
        assertThat(shell.run(Commands::of, "reindex", "users")).isZero();
        assertThat(shell.out()).startsWith("reindex of users accepted");
    }

    @Test
    void passesOnWhatTheServerRefuses() {
        assertThat(shell.run(Commands::of, "reindex", "a&b=c ü")).isEqualTo(2);
        assertThat(shell.err()).contains("answered 404: there is no index 'a&b=c ü'; there are users");
    }

    @Test
    void saysThatThePasswordIsWrong() {
        assertThat(shell.run(Commands::of, "indexes", "--admin-password", "guess"))
                .isEqualTo(1);
        assertThat(shell.err())
                .contains("answered 401", "give --admin-user and --admin-password")
                .doesNotContain("guess");
    }

    @Test
    void saysThatNobodyAnswers() {
        surface.close();
        assertThat(shell.run(Commands::of, "indexes")).isEqualTo(5);
        assertThat(shell.err())
                .startsWith("error: no answer from http://127.0.0.1:")
                .contains("is it running");
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThat(shell.run(Commands::of, "indexes", "--server", "http://")).isEqualTo(2);
        assertThat(shell.err()).contains("expected host:port or a URL");
    }

    private static final class OneIndex implements IndexControl {
        @Override
        public Map<String, IndexPhase> indexes() {
            return Map.of("users", IndexPhase.SEEDED);
        }

        @Override
        public Reindex reindex(String index) {
            return index.equals("users") ? Reindex.ACCEPTED : Reindex.UNKNOWN;
        }
    }
}
