/**
 * The journal by itself. {@code AppendBenchmark} and {@code TailBenchmark} are for JMH: {@code java <the opens of dev/bench> -cp … org.openjdk.jmh.Main
 * 'bench.journal' -prof gc}.
 */
@NullMarked
package dev.flusso.bench.journal;

import org.jspecify.annotations.NullMarked;
