/**
 * The {@code flusso} command: the only place that knows all the others, and ties them together.
 *
 * <p>{@link dev.flusso.cli.Flusso} is where the program starts. Below it, {@code command} reads the command line, {@code log} decides
 * how logs look, {@code http} answers on the public and the private address, {@code metric} names every metric.
 */
@NullMarked
package dev.flusso.cli;

import org.jspecify.annotations.NullMarked;
