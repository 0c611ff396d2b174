package io.lode.bench.kv.load;

/**
 * What a workload costs the medium, counted in Lode's flushes.
 *
 * @param fences fences per entry
 * @param lines cache lines flushed per entry
 * @param repeatedLines lines flushed a second time
 */
public record Costs(double fences, double lines, double repeatedLines) {}
