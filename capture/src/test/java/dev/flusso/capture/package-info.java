/** Capture without a server: its parts, and the whole against a source made by hand. */
@NullMarked
package dev.flusso.capture;

import org.jspecify.annotations.NullMarked;
