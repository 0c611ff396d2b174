package io.lode.crashtest.trace;

import io.lode.crashtest.trace.Tampering.Kind;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Memory that tracks what was stored and which part of it is durable. It can be set to any content,
 * restored to it at the cost of the touched lines, and record a {@link Trace}.
 *
 * <p>Stores through {@link #segment} are observed if their code was loaded by an {@link
 * InstrumentingLoader}. A map with {@code comparing} does not need that: it compares its memory
 * with the previous content at each flush, fence and {@link #mark}.
 */
public final class TracedMap implements PmemMap {
  private static final long PAGE_BYTES = 4096;
  private static final long STREAM_FROM_BYTES = 256;

  private final MemorySegment memory;
  private final MemorySegment durable;
  private final MemorySegment staged;
  private final @Nullable Comparison comparison;
  private final Granularity granularity;
  private final Tampering tampering;
  private final Lines lines;
  private final long startAddress;
  private final List<Event.Store> delayed = new ArrayList<>();
  private @Nullable Trace trace;
  private @Nullable Site site;
  private Faults faults = Faults.NONE;
  private @Nullable Site unnoticed;
  private @Nullable Site lateFence;
  private @Nullable Tracer caller;

  /**
   * Creates a map of zeros, all of it durable.
   *
   * @param sizeBytes its size, at most 1 GiB
   * @param granularity {@link Granularity#PAGE} makes a flush durable on return
   * @param comparing whether stores are found by comparison
   * @param tampering the planted fault
   */
  public TracedMap(
      long sizeBytes, Granularity granularity, boolean comparing, Tampering tampering) {
    if (sizeBytes <= 0 || sizeBytes > 1L << 30) {
      throw new IllegalArgumentException("a pool of " + sizeBytes + " bytes: need 1 to 1 GiB");
    }
    this.granularity = granularity;
    this.tampering = tampering;
    memory = Arena.ofAuto().allocate(sizeBytes, PAGE_BYTES);
    startAddress = memory.address();
    durable = MemorySegment.ofArray(new byte[(int) sizeBytes]);
    staged = MemorySegment.ofArray(new byte[(int) sizeBytes]);
    lines = new Lines(sizeBytes);
    comparison = comparing ? new Comparison(memory) : null;
  }

  /**
   * Starts or ends recording.
   *
   * @param newTrace receives the events, null to stop
   */
  public void record(@Nullable Trace newTrace) {
    noticeStores();
    trace = newTrace;
  }

  /**
   * Plants faults of loads, flushes and fences.
   *
   * @param newFaults the faults
   */
  public void plant(Faults newFaults) {
    faults = newFaults;
  }

  /**
   * Adds the beginning or end of an operation to the trace.
   *
   * @param event the event
   */
  public void mark(Event event) {
    noticeStores();
    if (event instanceof Event.Ack) {
      emitDelayed();
    }
    emit(event);
    Site late = lateFence;
    if (event instanceof Event.Ack && late != null) {
      lateFence = null;
      fence(late);
    }
  }

  /**
   * Sets the whole content, durable.
   *
   * @param image the content, as long as the map
   */
  public void load(byte[] image) {
    MemorySegment bytes = MemorySegment.ofArray(image);
    memory.copyFrom(bytes);
    durable.copyFrom(bytes);
    lines.clear();
    delayed.clear();
    if (comparison != null) {
      comparison.reset();
    }
  }

  /**
   * Restores every touched line.
   *
   * @param image the content to which the map was last set
   */
  public void restore(byte[] image) {
    noticeStores();
    lateFence = null;
    MemorySegment bytes = MemorySegment.ofArray(image);
    for (int i = 0; i < lines.touchedCount(); i++) {
      copyLine(bytes, lines.touched(i), memory);
      copyLine(bytes, lines.touched(i), durable);
    }
    lines.clear();
    delayed.clear();
    faults = Faults.NONE;
    if (comparison != null) {
      comparison.reset();
    }
  }

  /**
   * Changes the content durably, without recording it.
   *
   * @param offset first byte
   * @param bytes an array with the bytes
   * @param from index of the first byte
   * @param length the number of bytes
   */
  public void patch(long offset, byte[] bytes, int from, int length) {
    MemorySegment source = MemorySegment.ofArray(bytes);
    MemorySegment.copy(source, from, memory, offset, length);
    MemorySegment.copy(source, from, durable, offset, length);
    if (comparison != null) {
      comparison.accept(offset, length);
    }
  }

  /**
   * Changes the content of the caches: visible, but lost with power.
   *
   * @param offset first byte
   * @param bytes an array with the bytes
   * @param from index of the first byte
   * @param length the number of bytes
   */
  public void patchCaches(long offset, byte[] bytes, int from, int length) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), from, memory, offset, length);
    lines.dirty(offset, length);
    if (comparison != null) {
      comparison.accept(offset, length);
    }
  }

  /** Reverts everything that is not durable. */
  public void losePower() {
    noticeStores();
    lateFence = null;
    for (int i = 0; i < lines.touchedCount(); i++) {
      int line = lines.touched(i);
      if (lines.isPending(line)) {
        copyLine(durable, line, memory);
      }
    }
    lines.settle();
    if (comparison != null) {
      comparison.reset();
    }
  }

  /**
   * Returns the visible content.
   *
   * @return a copy
   */
  public byte[] contents() {
    byte[] bytes = new byte[(int) memory.byteSize()];
    MemorySegment.ofArray(bytes).copyFrom(memory);
    return bytes;
  }

  /**
   * Compares the visible content.
   *
   * @param expected as long as the map
   * @return the offset of the first byte that differs, or -1
   */
  public long mismatch(byte[] expected) {
    return memory.mismatch(MemorySegment.ofArray(expected));
  }

  boolean contains(long address) {
    return address - startAddress >= 0 && address - startAddress < memory.byteSize();
  }

  /** Records that code at a site has stored. */
  void stored(Site where, long address, long length, Order order) {
    if (length <= 0) {
      return;
    }
    long offset = address - startAddress;
    lines.dirty(offset, length);
    if (trace != null) {
      addStore(where, offset, length, order);
    }
  }

  /** Records that code at a site is about to read. */
  void loading(Site where, long address, long length) {
    long offset = address - startAddress;
    faults.beforeLoad(offset, length);
    if (trace != null) {
      emit(new Event.Load(where, Thread.currentThread().threadId(), offset, length));
    }
  }

  /** Records the site of the next call. */
  void at(Tracer tracer, Site where) {
    site = where;
    caller = tracer;
  }

  /** Offers to switch threads between the parts of a call. */
  private void point() {
    if (caller != null) {
      caller.point();
    }
  }

  /** Records that code at a site took a view of this memory that is not observed. */
  void unnoticed(Site where) {
    unnoticed = where;
  }

  /**
   * Returns where code took a view of the memory that is not observed, so that stores may have been
   * missed.
   *
   * @return the last such place, null if there was none
   */
  public @Nullable Site unnoticedAccess() {
    return unnoticed;
  }

  private void addStore(Site where, long offset, long length, Order order) {
    long thread = Thread.currentThread().threadId();
    Order effective = tampering.is(Kind.PLAIN_STORE, where) ? Order.PLAIN : order;
    if (tampering.is(Kind.DROP_STORE, where)) {
      return;
    }
    int parts = length == 8 && tampering.is(Kind.SPLIT_STORE, where) ? 2 : 1;
    for (int part = 0; part < parts; part++) {
      byte[] bytes = new byte[(int) length / parts];
      long at = offset + (long) part * bytes.length;
      MemorySegment.copy(memory, at, MemorySegment.ofArray(bytes), 0, bytes.length);
      Event.Store store = new Event.Store(where, thread, at, bytes, effective);
      if (tampering.is(Kind.DELAY_STORE, where)) {
        delayed.add(store);
      } else {
        emit(store);
      }
    }
  }

  private void emit(Event event) {
    if (trace != null) {
      trace.add(event);
    }
  }

  private void emitDelayed() {
    delayed.forEach(this::emit);
    delayed.clear();
  }

  private void noticeStores() {
    if (comparison != null) {
      comparison.changes(
          (offset, length) -> stored(caller(), startAddress + offset, length, Order.BULK));
    }
  }

  private Site takeSite() {
    Site where = site == null ? caller() : site;
    site = null;
    return where;
  }

  /**
   * Finds the place in the user's code by walking the stack, which is slow and thus done only for a
   * trace.
   */
  private Site caller() {
    if (trace == null && tampering.kind() == Kind.NOTHING) {
      return Site.UNKNOWN;
    }
    String own = TracedMap.class.getPackageName();
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(frame -> !frame.getClassName().startsWith(own))
                .findFirst()
                .map(frame ->
                    new Site(
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getLineNumber(),
                        "call")))
        .orElse(Site.UNKNOWN);
  }

  private static void copyLine(MemorySegment from, int line, MemorySegment to) {
    long offset = (long) line * Lines.BYTES;
    MemorySegment.copy(from, offset, to, offset, Math.min(Lines.BYTES, to.byteSize() - offset));
  }

  @Override
  public MemorySegment segment() {
    return memory;
  }

  @Override
  public Granularity granularity() {
    return granularity;
  }

  @Override
  public boolean isEmulated() {
    return true;
  }

  @Override
  public String flushPrimitive() {
    return "recorded";
  }

  @Override
  public void flush(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, memory.byteSize());
    flush(takeSite(), offset, length);
  }

  private void flush(Site where, long offset, long length) {
    noticeStores();
    if (trace == null && lateFence != null) {
      // The return of an operation is not marked here; it has happened by the time the next one
      // flushes.
      Site late = lateFence;
      lateFence = null;
      fence(late);
    }
    if (length == 0 || tampering.is(Kind.DROP_FLUSH, where)) {
      return;
    }
    point();
    boolean lost = faults.beforePersist(where);
    emit(new Event.Flush(where, Thread.currentThread().threadId(), offset, length));
    if (lost) {
      return;
    }
    long unit = granularity == Granularity.PAGE ? PAGE_BYTES : Lines.BYTES;
    long end = Math.min(memory.byteSize(), (offset + length + unit - 1) / unit * unit);
    for (long at = offset / unit * unit; at < end; at += Lines.BYTES) {
      int line = (int) (at / Lines.BYTES);
      if (lines.stage(line)) {
        copyLine(memory, line, staged);
      }
    }
    if (granularity == Granularity.PAGE) {
      settleStaged();
      emitDelayed();
    }
  }

  @Override
  public void drain() {
    drain(takeSite());
  }

  private void drain(Site where) {
    noticeStores();
    if (tampering.is(Kind.DROP_FENCE, where)) {
      return;
    }
    if (granularity != Granularity.PAGE) {
      if (tampering.is(Kind.EARLY_RETURN, where)) {
        lateFence = where;
        return;
      }
      fence(where);
    }
  }

  private void fence(Site where) {
    point();
    emit(new Event.Fence(where, Thread.currentThread().threadId()));
    settleStaged();
    emitDelayed();
  }

  private void settleStaged() {
    for (int i = 0; i < lines.stagedCount(); i++) {
      copyLine(staged, lines.staged(i), durable);
    }
    lines.clearStaged();
  }

  @Override
  public void persist(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, memory.byteSize());
    Site where = takeSite();
    flush(where, offset, length);
    drain(where);
  }

  @Override
  public void copy(
      long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
    MemorySegment.copy(source, sourceOffset, memory, offset, length);
    complete(takeSite(), offset, length, flags);
  }

  @Override
  public void fill(long offset, long length, byte value, CopyFlags flags) {
    memory.asSlice(offset, length).fill(value);
    complete(takeSite(), offset, length, flags);
  }

  private void complete(Site where, long offset, long length, CopyFlags flags) {
    if (comparison != null) {
      comparison.accept(offset, length);
    }
    boolean flushes = !flags.contains(CopyFlags.NO_FLUSH);
    boolean streams =
        flags.contains(CopyFlags.NON_TEMPORAL)
            || (flushes && length >= STREAM_FROM_BYTES && !flags.contains(CopyFlags.TEMPORAL));
    stored(where, startAddress + offset, length, streams ? Order.STREAMED : Order.BULK);
    if (flushes) {
      flush(where, offset, length);
      if (!flags.contains(CopyFlags.NO_DRAIN)) {
        drain(where);
      }
    }
  }

  /** Acts like {@link MemorySegment#force()} on a mapped file. */
  void force(Site where, long address, long length) {
    flush(where, address - startAddress, length);
    drain(where);
  }

  @Override
  public void close() {
    // The memory belongs to the garbage collector.
  }

  /** The accesses that fail. */
  public interface Faults {
    /** Nothing fails. */
    Faults NONE = new Faults() {};

    /**
     * Is called before bytes are read.
     *
     * @param offset first byte
     * @param length bytes
     * @throws InternalError as the JVM throws for an unreadable page
     */
    default void beforeLoad(long offset, long length) {}

    /**
     * Is called before bytes are made durable.
     *
     * @param where the place in the code
     * @return true if the device lies: it does nothing but reports success
     * @throws PmemException if the device reports a failure
     */
    default boolean beforePersist(Site where) {
      return false;
    }
  }
}
