@NullMarked
package dev.flusso.postgres.connect;

import org.jspecify.annotations.NullMarked;
