/**
 * Sessions that read: a {@link dev.flusso.postgres.connect.ReadPool} of them, whose settings are always the same.
 */
@NullMarked
package dev.flusso.postgres.connect;

import org.jspecify.annotations.NullMarked;
