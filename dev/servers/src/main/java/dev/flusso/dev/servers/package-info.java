/**
 * Real servers for tests and the demo: {@link dev.flusso.dev.servers.PostgresServer}, {@link dev.flusso.dev.servers.SearchServer}, a
 * {@link dev.flusso.dev.servers.FaultProxy} to put before either, and {@link dev.flusso.dev.servers.ProcessControl} for programs of ours.
 *
 * <p>Where things lie: unpacked Postgres binaries in the user's cache folder ({@code ~/.cache/flusso-dev}, kept); the data of running
 * servers in a work folder under {@code java.io.tmpdir}, removed when they are closed, and by the next user of this library when their
 * owner died. No process started here outlives the JVM that started it, however that ends: each hangs on a pipe, the <i>life line</i>,
 * whose end is noticed by a small shell that kills it.
 *
 * <p>Needs a Unix ({@code sh}, {@code kill}); works as root and as anybody else.
 */
@NullMarked
package dev.flusso.dev.servers;

import org.jspecify.annotations.NullMarked;
