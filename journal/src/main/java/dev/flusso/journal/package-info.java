/**
 * The journal: committed changes on disk, in the order of their commits, appended by one capture process and read by any number of
 * workers in other processes. It is the only contract between the two halves of flusso.
 *
 * <p>{@link dev.flusso.journal.Journal} is the way in. A journal holds {@linkplain dev.flusso.journal.Entry entries}, each at a
 * {@link dev.flusso.journal.Position}; beside its segments lie the {@linkplain dev.flusso.journal.LaneFile lane files}, by which a
 * worker tells capture what it needs and how far it has come. Everything that knows how entries lie on disk is in the engine's
 * package below this one.
 */
@NullMarked
package dev.flusso.journal;

import org.jspecify.annotations.NullMarked;
