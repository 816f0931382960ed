/**
 * Documents as lines on a pipe, for people and for other programs.
 *
 * <pre>
 * {"sink":"out","version":1,"ts":"2026-11-20T09:15:31.042Z","seq":1,"index":"users","op":"upsert","id":"7",
 *  "meta":{"fields":2,"bytes":24},"document":{"name":"Ann","age":30}}
 * {"sink":"out","version":1,"ts":"2026-11-20T09:15:31.042Z","seq":2,"index":"users","op":"delete","id":"8"}
 * </pre>
 *
 * <p>Each of them is one line (the first is broken here for the page). {@code version} is that of this form, {@code ts} when the line was
 * written, {@code seq} counts this sink's lines from 1 since the process began, {@code fields} the document's own keys, {@code bytes} its
 * size. With {@code pretty} each object is indented over several lines.
 */
@NullMarked
package dev.flusso.worker.stdout;

import org.jspecify.annotations.NullMarked;
