/**
 * The two addresses a running flusso answers at.
 *
 * <p>{@link dev.flusso.cli.http.PublicSurface}: {@code /healthz}, {@code /readyz}, {@code /status}, {@code /metrics}, for whoever can
 * reach the port. {@link dev.flusso.cli.http.PrivateSurface}: {@code /indexes}, {@code /reindex}, for those who know the password, or,
 * while there is none, for this machine alone. What they say comes from {@link dev.flusso.cli.status.StatusSource} and {@link
 * dev.flusso.cli.http.IndexControl}.
 */
@NullMarked
package dev.flusso.cli.http;

import org.jspecify.annotations.NullMarked;
