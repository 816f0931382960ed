@NullMarked
package dev.flusso.postgres.document;

import org.jspecify.annotations.NullMarked;
