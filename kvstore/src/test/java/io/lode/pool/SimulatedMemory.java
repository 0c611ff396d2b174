package io.lode.pool;

import static io.lode.pool.PoolFormat.LINE_BYTES;

import io.lode.crashtest.ForwardingMap;
import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Memory behind a cache that can lose power: what was flushed and fenced stays, of every other
 * cache line any of its 8-byte words may have been written back or not. It sees flushes and fences,
 * not single stores, so within a line it allows more than the hardware does.
 */
public class SimulatedMemory extends ForwardingMap {
  private final PlainMemory memory;
  private final byte[] durable;
  private final Map<Integer, byte[]> flushed = new HashMap<>();
  private Runnable beforeFence = () -> {};
  private int fences;
  private int emptyFences;
  private int flushedLines;

  public SimulatedMemory(long sizeBytes) {
    this(new byte[(int) sizeBytes]);
  }

  /** Memory as it is found after power came back. */
  public SimulatedMemory(byte[] image) {
    this(image, image);
  }

  private SimulatedMemory(byte[] durable, byte[] contents) {
    this(durable, new PlainMemory(contents.length));
    memory.load(contents);
  }

  private SimulatedMemory(byte[] durable, PlainMemory memory) {
    super(memory);
    this.durable = durable.clone();
    this.memory = memory;
  }

  /** The same memory as the next process finds it when this one is killed: nothing is lost yet. */
  public SimulatedMemory afterKill() {
    return new SimulatedMemory(durable, contents());
  }

  public void beforeFence(Runnable action) {
    beforeFence = action;
  }

  public int fences() {
    return fences;
  }

  public int emptyFences() {
    return emptyFences;
  }

  public int flushedLines() {
    return flushedLines;
  }

  /** What is there when the process is killed but the power stays: everything stored. */
  public byte[] contents() {
    return memory.contents();
  }

  /** What is there when nothing that was not fenced has reached the medium. */
  public byte[] durableContents() {
    return durable.clone();
  }

  @Override
  public String flushPrimitive() {
    return "simulated";
  }

  @Override
  public void flush(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, durable.length);
    long end = offset + length;
    for (long at = offset & -LINE_BYTES; at < end; at += LINE_BYTES) {
      byte[] line = new byte[(int) Math.min(LINE_BYTES, durable.length - at)];
      MemorySegment.copy(segment(), at, MemorySegment.ofArray(line), 0, line.length);
      flushed.put((int) (at / LINE_BYTES), line);
      flushedLines++;
    }
  }

  @Override
  public void drain() {
    fences++;
    if (flushed.isEmpty()) {
      emptyFences++;
    }
    beforeFence.run();
    flushed.forEach(
        (line, bytes) -> System.arraycopy(bytes, 0, durable, line * LINE_BYTES, bytes.length));
    flushed.clear();
  }

  @Override
  public void copy(
      long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
    super.copy(offset, source, sourceOffset, length, flags);
    complete(offset, length, flags);
  }

  @Override
  public void fill(long offset, long length, byte value, CopyFlags flags) {
    super.fill(offset, length, value, flags);
    complete(offset, length, flags);
  }

  private void complete(long offset, long length, CopyFlags flags) {
    if (flags.contains(CopyFlags.NO_FLUSH)) {
      return;
    }
    flush(offset, length);
    if (!flags.contains(CopyFlags.NO_DRAIN)) {
      drain();
    }
  }
}
