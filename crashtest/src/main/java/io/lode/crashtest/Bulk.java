package io.lode.crashtest;

import java.util.ArrayList;
import java.util.List;

/**
 * Stores to one unit that are ordered after the whole preceding bulk. They form independent chains,
 * and a crash may leave any prefix of each.
 */
final class Bulk {
  private final boolean ordered;
  private boolean open = true;
  private final List<List<Patch>> chains = new ArrayList<>();

  /**
   * Starts a bulk.
   *
   * @param ordered whether all patches form one chain instead of one chain per word
   */
  Bulk(boolean ordered) {
    this.ordered = ordered;
  }

  boolean isOpen(boolean wantedOrdered) {
    return open && ordered == wantedOrdered;
  }

  void close() {
    open = false;
  }

  void add(Patch patch) {
    for (List<Patch> chain : chains) {
      if (ordered || chain.getFirst().word() == patch.word()) {
        chain.add(patch);
        return;
      }
    }
    List<Patch> chain = new ArrayList<>();
    chain.add(patch);
    chains.add(chain);
  }

  /** Returns the number of states, including the one with no patch applied. */
  long states() {
    long states = 1;
    for (List<Patch> chain : chains) {
      states = CrashStates.times(states, chain.size() + 1L);
    }
    return states;
  }

  void apply(long state, byte[] unit) {
    long rest = state;
    for (List<Patch> chain : chains) {
      int prefix = (int) (rest % (chain.size() + 1));
      rest /= chain.size() + 1;
      for (int i = 0; i < prefix; i++) {
        chain.get(i).applyTo(unit);
      }
    }
  }

  /** Returns the patches that a state leaves out. */
  List<Patch> missing(long state) {
    List<Patch> missing = new ArrayList<>();
    long rest = state;
    for (List<Patch> chain : chains) {
      int prefix = (int) (rest % (chain.size() + 1));
      rest /= chain.size() + 1;
      missing.addAll(chain.subList(prefix, chain.size()));
    }
    return missing;
  }
}
