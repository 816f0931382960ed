/** What {@code check} says of bad databases. */
@NullMarked
package dev.flusso.postgres.inspect;

import org.jspecify.annotations.NullMarked;
