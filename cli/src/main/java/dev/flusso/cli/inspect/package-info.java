/**
 * What {@code verify} and {@code explain} do: look at the documents of an index in the database and in the sink, and change nothing.
 *
 * <p>What a document should be, {@code verify} finds out by {@link dev.flusso.postgres.expectation.ExpectedDocuments}, which shares nothing with the
 * statement the worker builds with; so a fault in that statement is a difference too.
 */
@NullMarked
package dev.flusso.cli.inspect;

import org.jspecify.annotations.NullMarked;
