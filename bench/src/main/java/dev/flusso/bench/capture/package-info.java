/** The first half by itself: changes out of a slot, on disk, acknowledged. */
@NullMarked
package dev.flusso.bench.capture;

import org.jspecify.annotations.NullMarked;
