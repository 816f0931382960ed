/**
 * From the journal to the sink: lanes that read changes, resolve them to documents, build those from current rows and write them,
 * each at its own pace and with its own trouble.
 *
 * <p>The outside is reached by two ports, owned here: {@link dev.flusso.worker.RowReader} asks the database,
 * {@link dev.flusso.worker.Sink} takes documents. Nothing here starts a thread or reads a clock by itself.
 */
@NullMarked
package dev.flusso.worker;

import org.jspecify.annotations.NullMarked;
