/**
 * What capture needs of a database before it can read changes: replica identity, publication, slot, in this order. {@link
 * dev.flusso.postgres.provision.PostgresSource} is the way in.
 *
 * <p>Making a slot can take as long as the longest transaction under way, so it has a thread for that time, from the factory it was
 * given.
 */
@NullMarked
package dev.flusso.postgres.provision;

import org.jspecify.annotations.NullMarked;
