/** {@code dev/bench}: runs the contests and shows what came of them, as a table, as JSON and as a chart. */
@NullMarked
package dev.flusso.bench.command;

import org.jspecify.annotations.NullMarked;
