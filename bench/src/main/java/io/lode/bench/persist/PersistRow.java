package io.lode.bench.persist;

import io.lode.bench.run.Summary;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call with one length.
 *
 * @param call what was measured
 * @param lengthBytes how much was made durable
 * @param nanos nanoseconds per call, of each implementation that could be measured
 * @param allocatedBytes bytes that a call of Lode's allocates on the heap
 */
record PersistRow(
    Call call, int lengthBytes, Map<Implementation, Summary> nanos, double allocatedBytes) {
  private static final int RATIO_FROM_BYTES = 256;
  private static final double MAX_RATIO = 1.10;
  private static final double MAX_EXTRA_NANOS = 15;

  /** Returns how much longer Lode takes than C, null if either is missing. */
  @Nullable Double extraNanos() {
    Summary lode = nanos.get(Implementation.LODE);
    Summary c = nanos.get(Implementation.C);
    return lode == null || c == null ? null : lode.median() - c.median();
  }

  /** Returns Lode's time as a multiple of C's, null if either is missing. */
  @Nullable Double ratio() {
    Summary lode = nanos.get(Implementation.LODE);
    Summary c = nanos.get(Implementation.C);
    return lode == null || c == null ? null : lode.median() / c.median();
  }

  /** Returns the target for Lode. */
  String aim() {
    return lengthBytes < RATIO_FROM_BYTES ? "C + 15 ns" : "1.10 x C";
  }

  /** Tells whether Lode reaches its target, null if that is not known. */
  @Nullable Boolean isReached() {
    Double extra = extraNanos();
    Double ratio = ratio();
    if (extra == null || ratio == null) {
      return null;
    }
    return lengthBytes < RATIO_FROM_BYTES ? extra <= MAX_EXTRA_NANOS : ratio <= MAX_RATIO;
  }
}
