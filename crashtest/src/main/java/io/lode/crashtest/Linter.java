package io.lode.crashtest;

import io.lode.crashtest.Finding.Rule;
import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Site;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Checks a recording for missing and useless flushes and fences, and counts those of each
 * operation.
 */
final class Linter {
  private static final int LINE_BYTES = 64;

  private final PersistencyModel model;
  private final LongPredicate isOverwritable;
  private final Totals totals;
  private final PendingStores pending;
  private final Set<Long> flushedByOperation = new HashSet<>();
  private final Set<Long> storedLines = new HashSet<>();
  private final Map<Long, Site> writers = new HashMap<>();
  private final boolean[] everDurable;
  private boolean unfenced;
  private int operation;
  private int fences;
  private int lines;

  private Linter(
      PersistencyModel model, byte[] start, LongPredicate isOverwritable, Totals totals) {
    this.model = model;
    this.isOverwritable = isOverwritable;
    this.totals = totals;
    // Surviving caches do not excuse a flush that is missing under another model.
    this.pending = new PendingStores(model.keepsCaches() ? PersistencyModel.ADR : model, start);
    this.everDurable = new boolean[start.length / Long.BYTES + 1];
  }

  /** Checks one recording. */
  static void check(
      Recording<?> recording, PersistencyModel model, LongPredicate isOverwritable, Totals totals) {
    Linter linter = new Linter(model, recording.start(), isOverwritable, totals);
    for (Event event : recording.events()) {
      linter.next(event, recording);
    }
  }

  private void next(Event event, Recording<?> recording) {
    switch (event) {
      case Event.Begin begin -> begin(begin.operation());
      case Event.Store store -> store(store);
      case Event.Load load -> load(load);
      case Event.Flush flush -> flush(flush, recording.steps().get(operation).recovers());
      case Event.Fence fence -> fence(fence.site(), fence.thread());
      case Event.Ack _ -> returned(recording.steps().get(operation).name());
    }
  }

  private void begin(int index) {
    operation = index;
    pending.operation(index);
    fences = 0;
    lines = 0;
    flushedByOperation.clear();
  }

  private void store(Event.Store store) {
    long end = store.offset() + store.bytes().length;
    for (long at = store.offset(); at < end; at++) {
      boolean changes = pending.contents()[(int) at] != store.bytes()[(int) (at - store.offset())];
      if (changes && everDurable[(int) (at / Long.BYTES)] && !isOverwritable.test(at)) {
        totals.found(Rule.STORE_INTO_COMMITTED, store.site().place());
        break;
      }
    }
    pending.store(store);
    for (long line = store.offset() / LINE_BYTES; line * LINE_BYTES < end; line++) {
      storedLines.add(line);
    }
    for (PersistUnit unit : pending.units()) {
      if (unit.offset() < end && unit.offset() + unit.length() > store.offset()) {
        writers.put(unit.offset(), store.site());
      }
    }
  }

  private void load(Event.Load load) {
    for (PersistUnit unit : pending.units()) {
      boolean overlaps =
          unit.offset() < load.offset() + load.length()
              && unit.offset() + unit.length() > load.offset();
      if (overlaps && unit.operation() < operation) {
        totals.found(Rule.DIRTY_READ, load.site().place());
        return;
      }
    }
  }

  /** A recovery flushes what it accepts, and cannot know whether it had been flushed before. */
  private void flush(Event.Flush flush, boolean recovers) {
    long first = flush.offset() / LINE_BYTES;
    long last = (flush.offset() + flush.length() - 1) / LINE_BYTES;
    int stored = 0;
    boolean again = false;
    for (long line = first; line <= last; line++) {
      if (storedLines.remove(line)) {
        stored++;
        again |= !flushedByOperation.add(line);
      }
    }
    lines += (int) (last - first + 1);
    if (!recovers && stored < last - first + 1 && !model.flushWaits()) {
      totals.found(Rule.REDUNDANT_FLUSH, flush.site().place());
    }
    // Creating a structure, or closing and reopening it, consists of several steps.
    if (again && !recovers && operation > 0) {
      totals.found(Rule.LINE_FLUSHED_TWICE, flush.site().place());
    }
    pending.flush(flush);
    unfenced = true;
    if (model.flushWaits()) {
      fences++;
      settle();
    }
  }

  private void fence(Site site, long thread) {
    fences++;
    if (!unfenced) {
      totals.found(Rule.EMPTY_FENCE, site.place());
    }
    pending.fence(thread);
    settle();
  }

  private void settle() {
    unfenced = false;
    for (long[] range : pending.takeSettled()) {
      long end = range[0] + range[1];
      for (long at = range[0]; at < end; at += Long.BYTES) {
        everDurable[(int) (at / Long.BYTES)] |= hasContent((int) at, (int) end);
      }
    }
  }

  /** Memory starts as zeros; a word counts as written once it is not zero. */
  private boolean hasContent(int from, int end) {
    for (int at = from; at < Math.min(end, from + Long.BYTES); at++) {
      if (pending.durable()[at] != 0) {
        return true;
      }
    }
    return false;
  }

  private void returned(String name) {
    for (PersistUnit unit : pending.units()) {
      if (unit.operation() == operation) {
        Rule rule = unit.isFlushed() ? Rule.MISSING_FENCE : Rule.MISSING_FLUSH;
        totals.found(rule, writers.getOrDefault(unit.offset(), Site.UNKNOWN).place());
      }
    }
    totals.cost(new OperationCost(name, fences, lines));
  }
}
