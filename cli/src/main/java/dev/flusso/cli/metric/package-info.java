/** Every metric's name, help and unit, in {@link dev.flusso.cli.metric.Metrics}; counted by whoever runs the pipeline. */
@NullMarked
package dev.flusso.cli.metric;

import org.jspecify.annotations.NullMarked;
