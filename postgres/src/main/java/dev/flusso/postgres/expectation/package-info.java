/**
 * What documents should be, found out by other means than the worker's: rows read by plain SELECTs, a level at a time, and put together in
 * Java, each value spelled from its text. It shares no code with {@code document}, so that it can be the judge of it: {@code verify} asks it,
 * and so do the tests. It is slower, and holds trees.
 */
@NullMarked
package dev.flusso.postgres.expectation;

import org.jspecify.annotations.NullMarked;
