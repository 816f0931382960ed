/** The wire format, message by message. */
@NullMarked
package dev.flusso.postgres.stream;

import org.jspecify.annotations.NullMarked;
