@NullMarked
package dev.flusso.cli.pipeline;

import org.jspecify.annotations.NullMarked;
