package io.lode.bench.persist;

/** By whom it is done. */
enum Implementation {
  /** {@code PmemMap}. */
  LODE("Lode"),

  /** The same routines, called from C. */
  C("C"),

  /** Debian's libpmem, called from C. */
  LIBPMEM("libpmem"),

  /** The JDK: {@code MemorySegment.force}, which is msync for a file without MAP_SYNC. */
  FORCE("force()");

  private final String title;

  Implementation(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  boolean isJava() {
    return this == LODE || this == FORCE;
  }
}
