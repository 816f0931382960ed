/**
 * How logs look and where they go: to stderr, always; as text, or as JSON with {@code FLUSSO_LOG_FORMAT=json}; the level by {@code
 * FLUSSO_LOG}.
 *
 * <p>Code logs an event with its values as {@code key=value}, in one template:
 *
 * <pre>{@code log.info("lane live lane={} position={}", lane, position);}</pre>
 *
 * As text that is printed as it stands, values quoted where they need it. As JSON {@code lane live} is the {@code event}, and each
 * value a field of its own, numbers as numbers:
 *
 * <pre>{@code {"ts":"2026-11-20T10:00:00.000Z","level":"INFO","event":"lane live","lane":"primary/users","position":"3-…"}}</pre>
 *
 * Both forms are one line for each event; line breaks and control characters in values are escaped.
 */
@NullMarked
package dev.flusso.cli.log;

import org.jspecify.annotations.NullMarked;
