/**
 * Compiled forms on disk: the lock of a whole deployment, the text of one index in a lane file, and the hash that names an index.
 *
 * <pre>
 * # made by "flusso build": build it anew instead of editing it     a lock; a lane file's text begins with the next line
 * format 1                                                          what the rest looks like
 * program 0.1.0                                                     who wrote it; of no consequence to who reads it
 * sha256 3b1f… of 5120 bytes                                        over all that follows, with "\n" for each end of line
 * { … }                                                             JSON, see {@link dev.flusso.schema.parse.CompiledForm}
 * </pre>
 */
@NullMarked
package dev.flusso.schema.lock;

import org.jspecify.annotations.NullMarked;
