package io.lode.pmem.internal;

import io.lode.pmem.GranularityAnswer;
import io.lode.pmem.PersistenceDomain;
import io.lode.pmem.SourceKind;
import io.lode.pmem.internal.GranularityRules.Decision;

/** Says in words what a persisted range survives. */
public final class Durability {
  private Durability() {}

  /** Answers for anonymous memory. */
  public static GranularityAnswer ofAnonymous() {
    Decision decision = GranularityRules.forPrivate();
    return new GranularityAnswer(
        decision.granularity(),
        false,
        decision.reason(),
        "nothing survives: the memory ends with its map");
  }

  /**
   * Answers for a file or device.
   *
   * @param source the source
   * @param decision the granularity that its map would get
   * @param domain what its region says
   */
  public static GranularityAnswer of(
      OpenSource source, Decision decision, PersistenceDomain domain) {
    String medium =
        source.kind() == SourceKind.FILE
            ? FileSystem.of(source.descriptor()).durability()
            : ofRegion(domain);
    return new GranularityAnswer(
        decision.granularity(),
        decision.emulated(),
        decision.reason(),
        decision.emulated() ? "emulated, so nothing is promised; " + medium : medium);
  }

  private static String ofRegion(PersistenceDomain domain) {
    return switch (domain) {
      case CPU_CACHE -> "a power failure spares the CPU caches (eADR)";
      case MEMORY_CONTROLLER -> "a power failure spares every line that was flushed (ADR)";
      case NONE -> "the region promises nothing for flushed lines";
      case UNKNOWN -> "the kernel does not say what a power failure spares";
    };
  }
}
