package io.lode.bench.kv.load;

/**
 * What an entry costs the medium, counted in Lode's flushes.
 *
 * @param fences fences an entry
 * @param lines cache lines flushed an entry
 * @param repeatedLines lines flushed a second time
 */
public record Costs(double fences, double lines, double repeatedLines) {}
