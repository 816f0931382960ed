package dev.flusso.schema.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "postgres://u:p@h:1/d, h, 1, u, p, d",
                "postgresql://u:p@h/d, h, 5432, u, p, d",
                "postgres://h/d, h, 5432, postgres, null, d",
                "postgres://u@h, h, 5432, u, null, u",
                "postgres://, 127.0.0.1, 5432, postgres, null, postgres",
                "postgres://u:%40%3A%2F%25@h/d, h, 5432, u, @:/%, d",
                "postgres://u%20x:a@b@h/d%20x, h, 5432, u x, a@b, d x",
                "postgres://u:@h/d, h, 5432, u, '', d",
                "postgres://u:%C3%BC+ü@h/d, h, 5432, u, ü+ü, d",
                "postgres://u:\uD83D\uDE00%21@h/d, h, 5432, u, \uD83D\uDE00!, d",
                "postgres://u:p@[::1]:6543/d, ::1, 6543, u, p, d",
                "postgres://[fe80::1]/d, fe80::1, 5432, postgres, null, d",
                "postgres:///d?host=x&port=7&user=y&password=z, x, 7, y, z, d",
            })
    void readsEachPartDecoded(String url, String host, int port, String user, String password, String database) {
        var read = DatabaseUrl.parse(url);
        assertThat(read.host()).isEqualTo(host);
        assertThat(read.port()).isEqualTo(port);
        assertThat(read.user()).isEqualTo(user);
        assertThat(read.password()).isEqualTo(password);
        assertThat(read.database()).isEqualTo(database);
    }

    @Test
    void keepsTheParametersThatAreHonouredAndNamesTheOthers() {
        var url = DatabaseUrl.parse("postgres://h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
                + "&application_name=my%20app&connect_timeout=5&target_session_attrs=any");
        assertThat(url.parameters())
                .isEqualTo(Map.of(
                        "sslmode", "verify-full",
                        "sslrootcert", "/etc/ca.pem",
                        "application_name", "my app",
                        "connect_timeout", "5"));
        assertThat(url.ignored()).isEqualTo(List.of("target_session_attrs"));
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://u:hunter2@h/d, postgres://",
        "postgres://u:hunter2@h:port/d, the port is no number",
        "postgres://u:hunter2@h:0/d, 1 to 65535",
        "postgres://u:hunter2@h:70000/d, 1 to 65535",
        "postgres://u:hunter2%4@h/d, in the password without two hex digits",
        "postgres://u:hunter2%FF@h/d, is not UTF-8",
        "postgres://u:hunter2#@h/d, '%23'",
        "postgres://u:hunter2@::1/d, brackets",
        "postgres://u:hunter2@[::1/d, closing bracket",
        "postgres://u:hunter2@a;b/d?sslmode=on, sslmode 'on'",
        "postgres://u:hunter2@h/d?sslmode=require&sslrootcert=system, verify-full",
        "postgres://u:hunter2@h/d?connect_timeout=soon, connect_timeout 'soon'",
        "postgres:///d?host=/var/run/postgresql, is a socket or a list",
        "postgres://u:hunter2@h/d?sslmode, name=value",
    })
    void refusesWhatItCannotReadWithoutTheSecret(String url, String message) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message.replace("'%23'", "%23"))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void printsNoPassword() {
        assertThat(DatabaseUrl.parse("postgres://u:hunter2@[::1]/d?sslmode=require"))
                .hasToString("postgres://u@[::1]:5432/d");
    }
}
