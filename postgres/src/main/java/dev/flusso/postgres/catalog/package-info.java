/** Reads the system catalogs: tables, columns, identity, partitions, publication. */
@NullMarked
package dev.flusso.postgres.catalog;

import org.jspecify.annotations.NullMarked;
