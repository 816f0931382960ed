/** Documents out of Postgres, thrown away: the build half of a lane by itself. */
@NullMarked
package dev.flusso.bench.document;

import org.jspecify.annotations.NullMarked;
