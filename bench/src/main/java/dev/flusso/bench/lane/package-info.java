/** The whole program as its users run it, from the distribution, on real servers: seeding, following, catching up. */
@NullMarked
package dev.flusso.bench.lane;

import org.jspecify.annotations.NullMarked;
