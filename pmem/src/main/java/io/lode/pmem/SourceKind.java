package io.lode.pmem;

import io.lode.pmem.internal.Failures;

/** The kinds of sources. */
public enum SourceKind {
  /** A regular file behind a page cache: disk, tmpfs, memfd, network file system. */
  FILE,

  /**
   * A regular file whose pages are the persistent memory itself (a file system mounted for DAX).
   */
  FSDAX_FILE,

  /** A character device that is persistent memory, {@code /dev/daxN.M} with driver device_dax. */
  DEVDAX,

  /**
   * A dax device whose memory the kernel uses as ordinary RAM (driver kmem); it cannot be mapped.
   * {@code daxctl reconfigure-device -f --mode=devdax} reverts that.
   */
  SYSTEM_RAM_DAX(
      "the device's memory is in use as ordinary RAM (driver kmem), after daxctl reconfigure-device"
          + " --mode=system-ram",
      "revert that with daxctl reconfigure-device -f --mode=devdax; what it held as devdax is lost"
          + " where the memory was used"),

  /**
   * A dax device that serves a file system on fabric-attached memory (driver fsdev_dax, famfs); the
   * device cannot be mapped, files on the file system can.
   */
  FAMFS_DAX(
      "the device serves a file system (famfs) and has no mmap", "map a file of that file system"),

  /**
   * A dax device that no driver has: somebody disabled it, or an attempt to give it another mode
   * failed and left it so. Its node in {@code /dev} stays, but it cannot be mapped.
   */
  DISABLED_DAX(
      "the device is disabled: no driver has it, as after daxctl disable-device or a failed daxctl"
          + " reconfigure-device",
      "get it back with daxctl reconfigure-device -f --mode=devdax, or daxctl enable-device"),

  /** Memory of this process, which is lost with it. */
  ANONYMOUS;

  private final String obstacle;
  private final String advice;

  SourceKind() {
    this("", "");
  }

  /** A kind that cannot be mapped, with the reason and what to do instead. */
  SourceKind(String obstacle, String advice) {
    this.obstacle = obstacle;
    this.advice = advice;
  }

  /**
   * Tells whether sources of this kind can be mapped at all.
   *
   * @return false for the kinds of device that have no mmap
   */
  public boolean isMappable() {
    return obstacle.isEmpty();
  }

  /** Refuses to lock what cannot be mapped: its descriptor is not open for that. */
  void requireLockable(String place) {
    if (!isMappable()) {
      throw Failures.of("lock", place, PmemError.INVALID_FILE_TYPE, obstacle, advice);
    }
  }

  void requireMappable(String place) {
    if (!isMappable()) {
      throw Failures.of("map", place, PmemError.NOSUPP, obstacle, advice);
    }
  }
}
