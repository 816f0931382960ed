package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SharedServersIT {

    @Test
    void startsBothAtOnceAndGivesOutTheSameOnes() throws SQLException {
        SharedServers.warmUp();
        assertThat(SharedServers.postgres()).isSameAs(SharedServers.postgres());
        assertThat(SharedServers.search()).isSameAs(SharedServers.search());
        assertThat(SharedServers.search().isRunning()).isTrue();
        var url = SharedServers.postgres().freshDatabase("shared");
        assertThat(url).isEqualTo(SharedServers.postgres().jdbcUrl("shared")).contains("/shared?");
        try (var connection = SharedServers.postgres().connect("shared")) {
            assertThat(connection.getCatalog()).isEqualTo("shared");
        }
    }
}
