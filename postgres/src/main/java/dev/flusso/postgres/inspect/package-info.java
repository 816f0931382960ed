/**
 * What there is to say of a database before anything runs on it: {@link dev.flusso.postgres.inspect.DatabaseInspection} compares it with
 * the schemas and the settings, in one read-only transaction, and changes nothing.
 *
 * <p>Below it {@code TableFacts} is what the catalog says, {@code SchemaInspection} holds a schema against it, {@code FieldFit} knows which
 * values a field can hold, {@code ServerInspection} looks at server and role, {@code CoverageInspection} at publication and replica
 * identity, {@code DocumentInspection} builds some documents to see that they can be built and how large they are.
 */
@NullMarked
package dev.flusso.postgres.inspect;

import org.jspecify.annotations.NullMarked;
