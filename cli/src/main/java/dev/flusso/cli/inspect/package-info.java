/**
 * What {@code verify} and {@code explain} do: look at the documents of an index in the database and in the sink, and change nothing.
 *
 * <p>{@code verify} computes what a document should be with the statement the worker builds with ({@link dev.flusso.worker.RowReader});
 * it finds lost, late, stale and surplus documents, not a fault in that statement. Against such faults stand the builder's own tests
 * and the differential test, whose queries share nothing with it.
 */
@NullMarked
package dev.flusso.cli.inspect;

import org.jspecify.annotations.NullMarked;
