package dev.flusso.cli.status;

import org.jspecify.annotations.Nullable;

/**
 * The journal both halves share.
 *
 * @param path its directory
 * @param oldest where replay can begin
 * @param newest the newest entry
 * @param bytes it takes on disk
 * @param maxBytes it may take
 * @param freeBytes left on its file system
 * @param lastError the newest trouble with it
 */
public record JournalStatus(
        String path,
        @Nullable String oldest,
        @Nullable String newest,
        long bytes,
        long maxBytes,
        @Nullable Long freeBytes,
        @Nullable String lastError) {}
