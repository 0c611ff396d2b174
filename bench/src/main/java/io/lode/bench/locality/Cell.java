package io.lode.bench.locality;

import io.lode.bench.run.Summary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One measure of one source from the CPUs of one node.
 *
 * @param cpuNode from where
 * @param source of what, by name
 * @param measure what
 * @param unavailable why there is no figure; absent where there are some
 * @param headline the figure that stands for all of them; absent where there is none
 * @param farToNear how many times the cost from the nearest node that is; absent there, and with
 *     one node
 * @param fsdaxToDevdax for an fsdax file: how many times the cost of a devdax device as near that
 *     is; absent elsewhere
 * @param points all figures
 */
record Cell(
    int cpuNode,
    String source,
    Measure measure,
    @Nullable String unavailable,
    @Nullable Point headline,
    @Nullable Factor farToNear,
    @Nullable Factor fsdaxToDevdax,
    List<Point> points) {

  /**
   * One figure.
   *
   * @param sizeBytes the size of an access, 0 where there are no sizes; of a mapping its length
   * @param threads how many at a time
   * @param pauseNanos loaded latency: the pauses of the other threads, -1 when they are idle
   * @param unit of the values
   * @param values one of each round
   * @param besideGigabytes loaded latency: what the others read meanwhile, one of each round
   * @param pageBytes first touch: how much a fault mapped
   * @param told first touch: the kernel's account of the mapping
   */
  record Point(
      int sizeBytes,
      int threads,
      int pauseNanos,
      String unit,
      List<Double> values,
      @Nullable List<Double> besideGigabytes,
      @Nullable Long pageBytes,
      @Nullable String told) {
    Summary summary() {
      return Summary.of(values);
    }

    double median() {
      return Summary.median(values);
    }

    double low() {
      return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double high() {
      return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Returns half of highest minus lowest round, as a part of the median. */
    double spread() {
      return (high() - low()) / 2 / median();
    }

    double besideMedian() {
      return besideGigabytes == null || besideGigabytes.isEmpty()
          ? 0
          : Summary.median(besideGigabytes);
    }

    boolean isOf(Step step) {
      return sizeBytes == step.sizeBytes()
          && threads == step.threads()
          && pauseNanos == step.pauseNanos();
    }

    Step step(Measure measure) {
      return new Step(measure, sizeBytes, threads, pauseNanos);
    }
  }

  /** Returns the figure of a step, if it was measured. */
  Optional<Point> point(Step step) {
    return points.stream().filter(point -> point.isOf(step)).findFirst();
  }
}
