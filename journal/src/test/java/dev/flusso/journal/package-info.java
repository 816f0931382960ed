@NullMarked
package dev.flusso.journal;

import org.jspecify.annotations.NullMarked;
