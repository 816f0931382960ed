package dev.flusso.cli.metric;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicLong;

/** A measured value as it was last set; NaN, which Prometheus takes for unknown, until then. Any thread. */
public final class Level {
    private final AtomicLong bits = new AtomicLong(Double.doubleToRawLongBits(Double.NaN));

    private Level() {}

    static Level register(MeterRegistry registry, String name, String unit, String help, Tags tags) {
        var level = new Level();
        Gauge.builder(name, level, Level::value)
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
        return level;
    }

    /** The newest measurement. */
    public void set(double value) {
        bits.set(Double.doubleToRawLongBits(value));
    }

    /** The newest measurement, of something counted. */
    public void set(long value) {
        set((double) value);
    }

    /** It cannot be measured now. */
    public void unknown() {
        set(Double.NaN);
    }

    double value() {
        return Double.longBitsToDouble(bits.get());
    }
}
