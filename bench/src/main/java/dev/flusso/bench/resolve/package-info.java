/** From changed rows to the keys of the documents they touch. */
@NullMarked
package dev.flusso.bench.resolve;

import org.jspecify.annotations.NullMarked;
