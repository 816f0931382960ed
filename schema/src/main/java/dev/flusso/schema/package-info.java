/**
 * What a search document is: the config, the schemas, and all that follows from them without a database.
 *
 * <p>{@link dev.flusso.schema.Config} is a whole {@code flusso.toml} with its schemas, {@link dev.flusso.schema.DocumentSchema} one
 * {@code *.schema.yml}. From a document schema are derived, once and here: its {@linkplain dev.flusso.schema.ResolutionPath paths} from
 * a changed row to the documents it touches, and its mapping. Nothing here does I/O but reading the files it is given.
 */
@NullMarked
package dev.flusso.schema;

import org.jspecify.annotations.NullMarked;
