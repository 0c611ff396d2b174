package io.lode.bench.locality;

/** Reads blocks and pauses after each: how much of it there is decides how busy the memory is. */
final class Load implements Kernel {
  private final Reads reads;
  private final int pauseNanos;

  Load(Reads reads, int pauseNanos) {
    this.reads = reads;
    this.pauseNanos = pauseNanos;
  }

  @Override
  public long run(long accesses) {
    for (long access = 0; access < accesses; access++) {
      reads.run(1);
      if (pauseNanos > 0) {
        long until = System.nanoTime() + pauseNanos;
        while (System.nanoTime() - until < 0) {
          Thread.onSpinWait();
        }
      }
    }
    return accesses;
  }

  @Override
  public long sink() {
    return reads.sink();
  }
}
