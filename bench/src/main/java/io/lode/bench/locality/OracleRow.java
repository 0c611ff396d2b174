package io.lode.bench.locality;

import io.lode.bench.run.Summary;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A figure beside that of a C program that knows nothing of Lode, measured in turn.
 *
 * @param cpuNode from where
 * @param source memory of which node
 * @param measure what
 * @param threads how many at a time
 * @param ours one of each round
 * @param theirs one of each round
 */
record OracleRow(
    int cpuNode,
    String source,
    Measure measure,
    int threads,
    List<Double> ours,
    List<Double> theirs) {
  /** How many times the C program's figure ours is: the middle of the rounds. */
  double ratio() {
    return Summary.of(
            IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToObj(round -> ours.get(round) / theirs.get(round))
                .toList())
        .median();
  }

  double ourMedian() {
    return Summary.of(ours).median();
  }

  double theirMedian() {
    return Summary.of(theirs).median();
  }
}
