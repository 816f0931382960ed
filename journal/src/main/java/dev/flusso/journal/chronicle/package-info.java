/**
 * The journal on disk, over Chronicle Queue; the only package that knows the library.
 */
@NullMarked
package dev.flusso.journal.chronicle;

import org.jspecify.annotations.NullMarked;
