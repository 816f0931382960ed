/**
 * What capture needs of a database before it can read changes: replica identity, publication, slot, in this order. {@link
 * dev.flusso.postgres.provision.PostgresSource} is the way in.
 *
 * <p>Making a slot can take as long as the longest transaction under way, so the statement is handed to an executor that is given.
 */
@NullMarked
package dev.flusso.postgres.provision;

import org.jspecify.annotations.NullMarked;
