/**
 * Capture: committed changes of the source become journal entries, and the slot is told so once they are on disk.
 *
 * <p>{@link dev.flusso.capture.Capture} is the way in: a loop made of steps. What it asks of the database are the ports
 * {@link dev.flusso.capture.Source} (a session for everything but the changes) and {@link dev.flusso.capture.ChangeStream} (the
 * changes). What it writes is {@code dev.flusso.journal}. It knows tables and columns, never documents.
 */
@NullMarked
package dev.flusso.capture;

import org.jspecify.annotations.NullMarked;
