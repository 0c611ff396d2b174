package io.lode.bench.kv;

import io.lode.bench.kv.load.KvEffort;
import io.lode.bench.run.Provenance;
import java.util.List;

/**
 * The results of a run.
 *
 * @param title what was measured and on which medium
 * @param provenance where and when
 * @param medium folder, granularity, flush instruction and page size
 * @param emulated whether flush instructions ran on ordinary memory
 * @param fenceDelayNanos what was added to each fence of Lode and of the raw persist
 * @param effort how much was measured
 * @param sections the figures
 * @param gates Lode's targets, and whether it reaches them; empty if not asked for
 */
public record KvReport(
    String title,
    Provenance provenance,
    String medium,
    boolean emulated,
    long fenceDelayNanos,
    KvEffort effort,
    List<Section> sections,
    List<Gate> gates) {}
