/**
 * The halves put together and kept running: from a definition to journal, capture, lanes, their threads, and back to nothing on the way
 * out. The only place that starts threads of the program's own.
 */
@NullMarked
package dev.flusso.cli.pipeline;

import org.jspecify.annotations.NullMarked;
