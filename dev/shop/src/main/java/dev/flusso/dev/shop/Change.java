package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One place in which two versions of a document differ.
 *
 * @param path where, such as {@code orders[id=17].total}; empty for the document itself
 * @param before the value there, null when there was none
 * @param after the value there, null when there is none
 */
record Change(
        String path, @Nullable JsonNode before, @Nullable JsonNode after) {}
