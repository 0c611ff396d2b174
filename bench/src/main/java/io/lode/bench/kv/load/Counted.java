package io.lode.bench.kv.load;

/**
 * What a workload costs the medium.
 *
 * @param workload what was done
 * @param costs what was flushed and fenced
 */
public record Counted(Workload workload, Costs costs) {}
