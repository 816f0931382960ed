/**
 * The engine of a lane.
 *
 * <p>{@link dev.flusso.worker.lane.Lane} is the way in: a step machine for one index in one sink. It keeps one {@code GenerationRun} for
 * each generation of its index that must be kept current, usually one, two while the next is built. A run first seeds ({@code Seeder}),
 * then tails ({@code Tail}): it gathers changes into batches, turns each into root keys, those into documents ({@code Planner}, {@code Batch}), and
 * hands the documents to its {@code Outbox}, which writes them, at most one unsettled write for each id. The checkpoint follows the
 * oldest unfinished batch.
 *
 * <p>All state belongs to the lane's one thread. What blocks (database, sink, disk) runs on executors given from outside and comes back
 * through a {@code Mailbox}.
 */
@NullMarked
package dev.flusso.worker.lane;

import org.jspecify.annotations.NullMarked;
