/**
 * How fast flusso is: each figure measured beside the limit of what it does, in turns, in one run. A {@link dev.flusso.bench.Contest} knows
 * how to take one round; {@code command.Bench} takes several and prints, for each figure, the medians, their ratio with its spread
 * and the goal. The contests of one part of the program are a package each.
 */
@NullMarked
package dev.flusso.bench;

import org.jspecify.annotations.NullMarked;
