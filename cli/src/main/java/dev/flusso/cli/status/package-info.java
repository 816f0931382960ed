/**
 * What a running flusso says of itself: {@link dev.flusso.cli.status.StatusReport}, the object behind {@code /status}, and the probes
 * behind {@code /healthz} and {@code /readyz}. Records only; whoever runs the pipeline fills them.
 */
@NullMarked
package dev.flusso.cli.status;

import org.jspecify.annotations.NullMarked;
