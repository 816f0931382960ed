/** A document schema for people and tools: {@link dev.flusso.schema.print.DocumentTree}. */
@NullMarked
package dev.flusso.schema.print;

import org.jspecify.annotations.NullMarked;
