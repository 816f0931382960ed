/**
 * The edge to Postgres, the only user of its driver. {@code stream} reads changes, {@code provision} sees to slot, publication and
 * replica identity, {@code catalog} reads what tables there are.
 */
@NullMarked
package dev.flusso.postgres;

import org.jspecify.annotations.NullMarked;
