package io.lode.bench.kv;

import io.lode.bench.run.Provenance;
import java.util.List;

/**
 * What a run found.
 *
 * @param title what was measured and on which medium
 * @param provenance where and when
 * @param medium folder, granularity and flush instruction
 * @param emulated whether flush instructions ran on ordinary memory
 * @param fenceDelayNanos what was added to each fence of Lode and of the raw persist
 * @param effort how much was measured
 * @param sections the figures
 * @param gates what Lode is to reach, and whether it does; empty if not asked for
 */
public record KvReport(
    String title,
    Provenance provenance,
    String medium,
    boolean emulated,
    long fenceDelayNanos,
    KvEffort effort,
    List<Section> sections,
    List<Gate> gates) {
  KvReport with(List<Gate> judged) {
    return new KvReport(
        title, provenance, medium, emulated, fenceDelayNanos, effort, sections, judged);
  }
}
