package io.lode.pmem;

/** What a source is. */
public enum SourceKind {
  /** A regular file behind a page cache: disk, tmpfs, memfd, network file system. */
  FILE(true),

  /**
   * A regular file whose pages are the persistent memory itself (a file system mounted for DAX).
   */
  FSDAX_FILE(true),

  /** A character device that is persistent memory, {@code /dev/daxN.M} with driver device_dax. */
  DEVDAX(true),

  /**
   * A dax device whose memory was handed to the kernel as ordinary RAM (driver kmem); it cannot be
   * mapped. {@code daxctl reconfigure-device --mode=devdax} takes it back.
   */
  SYSTEM_RAM_DAX(false),

  /**
   * A dax device that serves a file system on fabric-attached memory (driver fsdev_dax, famfs); the
   * device cannot be mapped, files on the file system can.
   */
  FAMFS_DAX(false),

  /** Memory of this process, lost with it. */
  ANONYMOUS(true);

  private final boolean mappable;

  SourceKind(boolean mappable) {
    this.mappable = mappable;
  }

  /**
   * Tells whether sources of this kind can be mapped at all.
   *
   * @return false for the two kinds of device that have no mmap
   */
  public boolean isMappable() {
    return mappable;
  }
}
