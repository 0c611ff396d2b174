package io.lode.bench.kv.load;

/** What one workload costs the medium. */
public record CostReport(Workload workload, Costs costs) {}
