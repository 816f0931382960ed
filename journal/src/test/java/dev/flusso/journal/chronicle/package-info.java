@NullMarked
package dev.flusso.journal.chronicle;

import org.jspecify.annotations.NullMarked;
