package dev.flusso.bench;

/**
 * One figure of one round.
 *
 * @param figure what was measured; the same text in each round
 * @param unit of both values, such as {@code docs/s}
 * @param limitName what the limit is, such as {@code COPY … TO STDOUT, thrown away}; empty when there is none
 * @param limit its value; NaN when there is none
 * @param ours our value
 */
public record Reading(String figure, String unit, String limitName, double limit, double ours, Goal goal) {

    /** Ours beside a limit. */
    public static Reading beside(String figure, String unit, String limitName, double limit, double ours, Goal goal) {
        return new Reading(figure, unit, limitName, limit, ours, goal);
    }

    /** Ours by itself. */
    public static Reading alone(String figure, String unit, double ours, Goal goal) {
        return new Reading(figure, unit, "", Double.NaN, ours, goal);
    }
}
