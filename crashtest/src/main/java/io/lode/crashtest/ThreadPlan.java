package io.lode.crashtest;

import io.lode.crashtest.trace.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The schedules to run: for each pair of operations, all with at most two preemptive switches, then
 * random schedules of two writers and a reader. Used by one worker.
 */
final class ThreadPlan {
  private static final int NEVER = -1;
  private static final int READS = 2;

  /** The average number of accesses between the switches of a random schedule. */
  private static final int STAY = 5;

  private final ThreadRun<?, ?> run;
  private final BooleanSupplier isOver;
  private final List<Integer> operations;

  ThreadPlan(ThreadRun<?, ?> run, List<Integer> operations, BooleanSupplier isOver) {
    this.run = run;
    this.operations = operations;
    this.isOver = isOver;
  }

  /** Returns the number of pairs, each run in an empty structure and in a filled one. */
  int pairs() {
    return 2 * operations.size() * operations.size();
  }

  /** Runs all short schedules of a pair. */
  void pair(int index) {
    int count = operations.size();
    int[] before = index % 2 == 0 ? new int[0] : new int[] {operations.getFirst()};
    List<int[]> threads =
        List.of(
            new int[] {operations.get(index / 2 % count)},
            new int[] {operations.get(index / 2 / count)});
    for (int first = 0; first < 2; first++) {
      int points = preempted(before, threads, first, NEVER, NEVER);
      for (int one = 1; one <= points && !isOver.getAsBoolean(); one++) {
        int then = preempted(before, threads, first, one, NEVER);
        for (int two = one + 1; two <= then && !isOver.getAsBoolean(); two++) {
          preempted(before, threads, first, one, two);
        }
      }
    }
  }

  private int preempted(int[] before, List<int[]> threads, int first, int one, int two) {
    Schedule.Choice choice =
        (point, current, others) -> {
          if (current < 0) {
            // A thread may end before it reaches any point.
            return point == 0 && others.contains(first) ? first : others.getFirst();
          }
          return point == one || point == two ? others.getFirst() : current;
        };
    String name =
        (char) ('A' + first) + " first, switched at points " + one + " and " + two + " (-1: never)";
    return run.run(before, threads, 0, choice, name);
  }

  /** Runs one random schedule of random operations. */
  void random(long seed) {
    var random = new SplittableRandom(seed);
    int[] before = pick(random, random.nextInt(3));
    List<int[]> threads = new ArrayList<>();
    threads.add(pick(random, 2));
    threads.add(pick(random, 2));
    Schedule.Choice choice =
        (point, current, others) ->
            current >= 0 && random.nextInt(STAY) > 0
                ? current
                : others.get(random.nextInt(others.size()));
    run.run(before, threads, READS, choice, "seed " + seed);
  }

  private int[] pick(SplittableRandom random, int count) {
    return random.ints(count, 0, operations.size()).map(operations::get).toArray();
  }
}
