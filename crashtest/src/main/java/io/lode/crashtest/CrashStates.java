package io.lode.crashtest;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The states in which a crash at one point can leave the units in doubt: all of them if there are
 * few; otherwise first those that break one likely rule, then those in which up to two units differ
 * from an end state, then a sample.
 */
final class CrashStates {
  private final long[] counts;
  private final long total;
  private final long[] state;

  /** Visits a state of every unit; returns false to stop. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(long[] state);
  }

  CrashStates(List<PersistUnit> units) {
    counts = units.stream().mapToLong(PersistUnit::states).toArray();
    long product = 1;
    for (long count : counts) {
      product = times(product, count);
    }
    total = product;
    state = new long[counts.length];
  }

  static long times(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  static long plus(long a, long b) {
    return a + b < 0 ? Long.MAX_VALUE : a + b;
  }

  /** Returns the number of states; {@link Long#MAX_VALUE} stands for that many or more. */
  long total() {
    return total;
  }

  /** Visits all states if there are at most {@code limit}, otherwise that many. */
  void visit(long limit, SplittableRandom random, Visitor visitor) {
    if (total <= limit) {
      all(visitor);
    } else {
      some(limit, random, visitor);
    }
  }

  /** Visits the states with nothing and with everything. */
  void visitEnds(Visitor visitor) {
    Arrays.fill(state, 0);
    if (visitor.visit(state)) {
      Arrays.setAll(state, unit -> counts[unit] - 1);
      visitor.visit(state);
    }
  }

  private void all(Visitor visitor) {
    Arrays.fill(state, 0);
    while (visitor.visit(state)) {
      int unit = 0;
      while (unit < state.length && ++state[unit] == counts[unit]) {
        state[unit++] = 0;
      }
      if (unit == state.length) {
        return;
      }
    }
  }

  private void some(long limit, SplittableRandom random, Visitor visitor) {
    long left = limit;
    Visitor counted = visitor;
    left = ends(counted, left);
    left = left < 0 ? left : oneAside(counted, left, limit / 2);
    left = left < 0 ? left : twoAside(counted, left, limit / 4);
    while (left > 0) {
      for (int unit = 0; unit < state.length; unit++) {
        int draw = random.nextInt(10);
        state[unit] = draw < 4 ? 0 : draw < 8 ? counts[unit] - 1 : random.nextLong(counts[unit]);
      }
      left = visitor.visit(state) ? left - 1 : -1;
    }
  }

  /** Visits nothing, everything, everything except one unit, and one unit only. */
  private long ends(Visitor visitor, long limit) {
    long left = limit;
    for (int end = 0; end < 2 && left > 0; end++) {
      for (int odd = -1; odd < state.length && left > 0; odd++) {
        for (int unit = 0; unit < state.length; unit++) {
          state[unit] = (end == 0) == (unit == odd) ? counts[unit] - 1 : 0;
        }
        left = visitor.visit(state) ? left - 1 : -1;
      }
    }
    return left;
  }

  /** Visits one unit in any intermediate state, with the others at one end. */
  private long oneAside(Visitor visitor, long limit, long floor) {
    long left = limit;
    for (int odd = 0; odd < state.length; odd++) {
      long step = Math.max(1, (counts[odd] - 2) / 64);
      for (long between = 1; between < counts[odd] - 1 && left > floor; between += step) {
        for (int end = 0; end < 2 && left > floor; end++) {
          for (int unit = 0; unit < state.length; unit++) {
            state[unit] = unit == odd ? between : end == 0 ? 0 : counts[unit] - 1;
          }
          left = visitor.visit(state) ? left - 1 : -1;
        }
      }
    }
    return left;
  }

  /** Visits two units at one end and all others at the other end. */
  private long twoAside(Visitor visitor, long limit, long floor) {
    long left = limit;
    for (int end = 0; end < 2; end++) {
      for (int first = 0; first < state.length && left > floor; first++) {
        for (int second = first + 1; second < state.length && left > floor; second++) {
          for (int unit = 0; unit < state.length; unit++) {
            boolean odd = unit == first || unit == second;
            state[unit] = (end == 0) == odd ? counts[unit] - 1 : 0;
          }
          left = visitor.visit(state) ? left - 1 : -1;
        }
      }
    }
    return left;
  }
}
