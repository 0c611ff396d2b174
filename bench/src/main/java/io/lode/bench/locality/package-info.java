/**
 * Latency and bandwidth of memory and persistent memory: every source from the CPUs of every node.
 * Start with {@link io.lode.bench.locality.LocalityCommand}, then {@code LocalityRun}.
 */
@org.jspecify.annotations.NullMarked
package io.lode.bench.locality;
