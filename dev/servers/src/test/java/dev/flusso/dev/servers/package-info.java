@NullMarked
package dev.flusso.dev.servers;

import org.jspecify.annotations.NullMarked;
