package dev.flusso.worker.lane;

import java.util.concurrent.Executor;

/**
 * What all lanes of a process share.
 *
 * @param reading runs what blocks (database, sink's control surface, disk)
 * @param seeding runs scans, as many at once as it has threads
 * @param room the documents they may hold together
 * @param clock what time it is
 * @param monitor is told what they do
 */
public record Commons(Executor reading, Executor seeding, DocumentRoom room, Clock clock, LaneMonitor monitor) {}
