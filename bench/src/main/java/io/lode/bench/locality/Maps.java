package io.lode.bench.locality;

/** Maps memory and unmaps it, without touching it. */
final class Maps implements Kernel {
  private final Target target;
  private final long bytes;

  Maps(Target target, long bytes) {
    this.target = target;
    this.bytes = bytes;
  }

  @Override
  public long run(long accesses) {
    for (long access = 0; access < accesses; access++) {
      target.fresh(bytes).close();
    }
    return accesses;
  }
}
