package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Follows a trace and keeps track of what is certainly durable and which units have stores that may
 * not be.
 */
final class PendingStores {
  private final PersistencyModel model;
  private final int unitBytes;
  private final byte[] contents;
  private final byte[] durable;
  private final TreeMap<Long, PersistUnit> units = new TreeMap<>();
  private final List<long[]> settled = new ArrayList<>();
  private int operation;

  PendingStores(PersistencyModel model, byte[] image) {
    this.model = model;
    this.unitBytes = model.keepsCaches() ? image.length : model.unitBytes();
    this.contents = image.clone();
    this.durable = image.clone();
  }

  void operation(int index) {
    operation = index;
  }

  /** Returns the units with stores in doubt, by offset. */
  List<PersistUnit> units() {
    return List.copyOf(units.values());
  }

  /** Returns the visible content. */
  byte[] contents() {
    return contents;
  }

  byte[] durable() {
    return durable;
  }

  /** Returns the ranges, as offset and length, that have become durable since the last call. */
  List<long[]> takeSettled() {
    List<long[]> taken = List.copyOf(settled);
    settled.clear();
    return taken;
  }

  void store(Event.Store store) {
    long end = store.offset() + store.bytes().length;
    beginBulks(store);
    for (long at = store.offset(); at < end; ) {
      long wordEnd = Math.min(end, (at / Long.BYTES + 1) * Long.BYTES);
      int from = (int) (at - store.offset());
      int to = (int) (wordEnd - store.offset());
      if (!Arrays.equals(contents, (int) at, (int) wordEnd, store.bytes(), from, to)) {
        System.arraycopy(store.bytes(), from, contents, (int) at, to - from);
        add(at, Arrays.copyOfRange(store.bytes(), from, to), store);
      }
      at = wordEnd;
    }
    if (store.order() == Order.VOLATILE) {
      endBulks(store);
    }
  }

  /** A store that must not be reordered with others begins its own bulk in its units. */
  private void beginBulks(Event.Store store) {
    if (store.order() == Order.RELEASE || store.order() == Order.VOLATILE) {
      endBulks(store);
    }
  }

  private void endBulks(Event.Store store) {
    for (PersistUnit unit : overlapping(store.offset(), store.bytes().length, 1)) {
      unit.closeBulk();
    }
  }

  private void add(long at, byte[] bytes, Event.Store store) {
    PersistUnit unit = units.computeIfAbsent(at / unitBytes, this::newUnit);
    boolean ordered =
        (store.order() != Order.STREAMED && model != PersistencyModel.ADR_UNORDERED)
            || model.keepsCaches()
            || model.flushWaits();
    unit.bulk(ordered, operation).add(new Patch((int) (at - unit.offset()), bytes, store.site()));
  }

  private PersistUnit newUnit(long index) {
    int from = (int) (index * unitBytes);
    return new PersistUnit(
        from, Arrays.copyOfRange(durable, from, Math.min(durable.length, from + unitBytes)));
  }

  private List<PersistUnit> overlapping(long offset, long length, long roundTo) {
    long from = offset / roundTo * roundTo;
    long to = (offset + length + roundTo - 1) / roundTo * roundTo;
    return List.copyOf(units.subMap(from / unitBytes, true, (to - 1) / unitBytes, true).values());
  }

  /** Returns the units that a flush writes back. */
  List<PersistUnit> flushed(Event.Flush flush) {
    return overlapping(flush.offset(), flush.length(), model.flushBytes());
  }

  void flush(Event.Flush flush) {
    for (PersistUnit unit : flushed(flush)) {
      unit.flush(flush.thread());
    }
    if (model.flushWaits()) {
      fence(flush.thread());
    }
  }

  void fence(long thread) {
    for (PersistUnit unit : List.copyOf(units.values())) {
      if (unit.isFlushedBy(thread)) {
        boolean empty = unit.fence(thread);
        System.arraycopy(unit.before(), 0, durable, (int) unit.offset(), unit.length());
        settled.add(new long[] {unit.offset(), unit.length()});
        if (empty) {
          units.remove(unit.offset() / unitBytes);
        }
      }
    }
  }

  /** Makes everything stored so far durable. */
  void settleAll() {
    for (PersistUnit unit : units.values()) {
      unit.contents(unit.states() - 1, unit.before());
      System.arraycopy(unit.before(), 0, durable, (int) unit.offset(), unit.length());
      settled.add(new long[] {unit.offset(), unit.length()});
    }
    units.clear();
  }
}
