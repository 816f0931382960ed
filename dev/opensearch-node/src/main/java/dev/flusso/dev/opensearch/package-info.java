/** One OpenSearch node in a process of its own, started by {@code dev/servers}; nothing else may depend on this module. */
@NullMarked
package dev.flusso.dev.opensearch;

import org.jspecify.annotations.NullMarked;
