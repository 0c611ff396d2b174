package io.lode.pmem;

/**
 * What of a machine keeps its content when the power fails, as the kernel says it of a region
 * ({@code persistence_domain} in sysfs), with the words of {@code ndctl list}.
 */
public enum PersistenceDomain {
  /** The CPU caches as well (eADR): stores are durable once they are visible. */
  CPU_CACHE("cpu_cache"),

  /** The memory controller (ADR): cache lines are durable once flushed and fenced. */
  MEMORY_CONTROLLER("memory_controller"),

  /**
   * The region promises nothing for a CPU flush; the system must be asked to sync (virtio-pmem).
   */
  NONE("none"),

  /** Not known: the source is not on a persistent memory region, or the region does not say. */
  UNKNOWN("unknown");

  private final String ndctlName;

  PersistenceDomain(String ndctlName) {
    this.ndctlName = ndctlName;
  }

  /**
   * Returns the word that {@code ndctl list} prints.
   *
   * @return the word, lower case
   */
  public String ndctlName() {
    return ndctlName;
  }
}
