package io.lode.crashtest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A line or sector with stores that may not be durable yet. Its states are numbered: 0 has none of
 * them, the last has all.
 */
final class PersistUnit {
  private final long offset;
  private final byte[] before;
  private final List<Bulk> bulks = new ArrayList<>();
  private final Map<Long, Integer> flushedByThread = new HashMap<>();
  private int operation;

  PersistUnit(long offset, byte[] before) {
    this.offset = offset;
    this.before = before;
  }

  long offset() {
    return offset;
  }

  int length() {
    return before.length;
  }

  /** Returns the operation that stored here last. */
  int operation() {
    return operation;
  }

  boolean isFlushed() {
    return flushedByThread.values().stream().anyMatch(count -> count == bulks.size());
  }

  /**
   * Returns a bulk of the requested kind: the last one, or a new one if that is closed or of the
   * other kind.
   */
  Bulk bulk(boolean ordered, int storedBy) {
    operation = storedBy;
    if (bulks.isEmpty() || !bulks.getLast().isOpen(ordered)) {
      bulks.add(new Bulk(ordered));
    }
    return bulks.getLast();
  }

  void closeBulk() {
    if (!bulks.isEmpty()) {
      bulks.getLast().close();
    }
  }

  void flush(long thread) {
    closeBulk();
    flushedByThread.put(thread, bulks.size());
  }

  /** Makes durable what a thread flushed; returns true if nothing is left in doubt. */
  boolean fence(long thread) {
    int done = flushedByThread.getOrDefault(thread, 0);
    for (int i = 0; i < done; i++) {
      bulks.getFirst().apply(bulks.getFirst().states() - 1, before);
      bulks.removeFirst();
    }
    flushedByThread.replaceAll((other, count) -> Math.max(0, count - done));
    return bulks.isEmpty();
  }

  boolean isFlushedBy(long thread) {
    return flushedByThread.getOrDefault(thread, 0) > 0;
  }

  /** Returns what is certainly durable here. */
  byte[] before() {
    return before;
  }

  long states() {
    long states = 1;
    for (Bulk bulk : bulks) {
      states = CrashStates.plus(states, bulk.states() - 1);
    }
    return states;
  }

  /** Writes the content of a state. */
  void contents(long state, byte[] target) {
    System.arraycopy(before, 0, target, 0, before.length);
    long rest = state;
    for (Bulk bulk : bulks) {
      long more = bulk.states() - 1;
      if (rest <= more) {
        bulk.apply(rest, target);
        return;
      }
      bulk.apply(more, target);
      rest -= more;
    }
  }

  /** Returns the patches that a state leaves out. */
  List<Patch> missing(long state) {
    List<Patch> missing = new ArrayList<>();
    long rest = state;
    for (Bulk bulk : bulks) {
      long more = bulk.states() - 1;
      missing.addAll(bulk.missing(Math.min(rest, more)));
      rest = Math.max(0, rest - more);
    }
    return missing;
  }
}
