/**
 * What a search document is: the config, the schemas, and all that follows from them without a database.
 *
 * <p>{@link dev.flusso.schema.Config} is a whole {@code flusso.toml} with its schemas, {@link dev.flusso.schema.DocumentSchema} one
 * {@code *.schema.yml}. From a document schema are derived, once and here: its {@linkplain dev.flusso.schema.ResolutionPath paths} from
 * a changed row to the documents it touches, the {@linkplain dev.flusso.schema.DocumentSchema#needs columns} those begin with, and its
 * mapping. Nothing here does I/O but reading the files it is given and writing a lock.
 *
 * <p>This package is the model alone and depends on none of those below it, each of which is entered by one or two types:
 *
 * <ul>
 *   <li>{@code parse}: {@code ConfigFiles} reads files, {@code CompiledForm} the same as JSON and back, {@code JsonSchemas} for editors;
 *   <li>{@code connection}: {@code Environment} resolves settings where the pipeline runs;
 *   <li>{@code mapping}: {@code IndexBody}, what an index is created with;
 *   <li>{@code lock}: {@code Lock}, {@code CompiledIndex}, {@code IndexHash};
 *   <li>{@code print}: {@code DocumentTree}, for people and tools.
 * </ul>
 *
 * <p>To add a field type: {@link dev.flusso.schema.Field} and its {@code Kind} (or {@link dev.flusso.schema.LeafType}), and the compiler
 * leads to every switch; then {@code Keys} in {@code parse}, and a test leads to the JSON Schema and the reference.
 */
@NullMarked
package dev.flusso.schema;

import org.jspecify.annotations.NullMarked;
