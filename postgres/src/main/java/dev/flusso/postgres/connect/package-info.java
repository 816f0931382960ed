/**
 * How Postgres is reached: {@link dev.flusso.postgres.connect.ConnectionSettings} from config and environment,
 * {@link dev.flusso.postgres.connect.ReadPool} of sessions whose settings are always the same.
 */
@NullMarked
package dev.flusso.postgres.connect;

import org.jspecify.annotations.NullMarked;
