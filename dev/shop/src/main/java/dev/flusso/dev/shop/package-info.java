/**
 * The demo: a small shop on a real Postgres and a real OpenSearch, kept searchable by {@code flusso capture} and {@code flusso work},
 * which are started from the distribution as anybody would start them.
 *
 * <p>{@link dev.flusso.dev.shop.Demo} is the program; {@link dev.flusso.dev.shop.Stage} what runs; {@link dev.flusso.dev.shop.Play} what
 * happens on it. What an index must hold is computed by SQL of its own ({@code dev/shop/sql/expected-*.sql}) and compared as JSON; nothing
 * of the program's own code is on the classpath.
 */
@NullMarked
package dev.flusso.dev.shop;

import org.jspecify.annotations.NullMarked;
