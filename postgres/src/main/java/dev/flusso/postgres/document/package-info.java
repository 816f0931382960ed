/**
 * Documents out of rows: a schema and the catalog become one SQL statement for each index, whose rows are finished documents.
 *
 * <p>{@link dev.flusso.postgres.document.PostgresRowReader} is the face. Below it {@code Catalog} is what the database says of the tables
 * a schema names, {@code DocumentSql} writes the statement, {@code ValueSql} knows how a value of each type is spelled in JSON.
 *
 * <p>The statement is set-based: the keys are one materialized set, each level of the document is read once for all of them, limited
 * joins by a LATERAL, and a row of JSON text comes out for each key. In its text {@code "#…"} are names of ours, which no column can
 * have by accident, {@code l3} are the rows of a level and {@code a3} what they amount to for each row of the level above.
 */
@NullMarked
package dev.flusso.postgres.document;

import org.jspecify.annotations.NullMarked;
