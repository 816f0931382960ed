/** Capture against a real Postgres. */
@NullMarked
package dev.flusso.postgres.capture;

import org.jspecify.annotations.NullMarked;
