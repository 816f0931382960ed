package dev.flusso.bench.capture;

import dev.flusso.bench.Numbers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How far a slot's acknowledgement is behind the log, looked at again and again. One thread. */
final class LagSamples {

    /**
     * One look.
     *
     * @param log where the log ended
     * @param confirmed what the slot says was acknowledged
     */
    private record Sample(long nanos, long log, long confirmed) {}

    private final Connection connection;
    private final String slot;
    private final List<Sample> samples = new ArrayList<>();

    LagSamples(Connection connection, String slot) {
        this.connection = connection;
        this.slot = slot;
    }

    void look() throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT pg_current_wal_lsn() - '0/0', confirmed_flush_lsn - '0/0' FROM pg_replication_slots"
                        + " WHERE slot_name = ?")) {
            statement.setString(1, slot);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("slot '" + slot + "' is gone");
                }
                samples.add(new Sample(System.nanoTime(), rows.getLong(1), rows.getLong(2)));
            }
        }
    }

    /** Mebibytes of the log that {@code part} of the looks did not find to be more unacknowledged. */
    double mebibytes(double part) {
        return Numbers.quantile(
                samples.stream()
                        .mapToDouble(sample -> (sample.log() - sample.confirmed()) / (double) (1 << 20))
                        .toArray(),
                part);
    }

    /** Seconds since the log ended where the acknowledgement stands, as exact as the looks are close together. */
    double seconds(double part) {
        double[] ages = new double[samples.size()];
        int reached = 0;
        for (int i = 0; i < ages.length; i++) {
            var now = samples.get(i);
            while (reached < i && samples.get(reached + 1).log() <= now.confirmed()) {
                reached++;
            }
            ages[i] = (now.nanos() - samples.get(reached).nanos()) / 1e9;
        }
        return Numbers.quantile(ages, part);
    }
}
