package io.lode.pmem;

/**
 * The part of a machine that keeps its content when the power fails, as the kernel reports it for a
 * region ({@code persistence_domain} in sysfs), in the words of {@code ndctl list}.
 */
public enum PersistenceDomain {
  /** The CPU caches as well (eADR): stores are durable once they are visible. */
  CPU_CACHE("cpu_cache"),

  /** The memory controller (ADR): cache lines are durable once flushed and fenced. */
  MEMORY_CONTROLLER("memory_controller"),

  /** A CPU flush promises nothing; the system must be asked to sync (virtio-pmem). */
  NONE("none"),

  /**
   * Unknown: the source is not on a persistent memory region, or the region does not report a
   * domain.
   */
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
