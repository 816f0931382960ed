/**
 * From settings to what a client connects with, in the environment of the process that connects. Nothing here prints a secret.
 */
@NullMarked
package dev.flusso.schema.connection;

import org.jspecify.annotations.NullMarked;
