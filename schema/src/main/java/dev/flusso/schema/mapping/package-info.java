/**
 * What an index is created with: {@link dev.flusso.schema.mapping.IndexBody} makes settings, analysis and mapping from a document
 * schema and a sink's options, without asking anyone.
 */
@NullMarked
package dev.flusso.schema.mapping;

import org.jspecify.annotations.NullMarked;
