package io.lode.pmem.internal.cpu;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The persist instructions of this CPU; stateless, thread safe. */
public interface Routines {
  /** The native routines, or the reason why they cannot run here. */
  static Lookup find() {
    return new Lookup(null, "no persist routines in this build");
  }

  /**
   * The answer of {@link #find}.
   *
   * @param routines the routines, or null
   * @param reason why there are none
   */
  record Lookup(@Nullable Routines routines, String reason) {}

  /** Names the flush instruction. */
  String flushName();

  /** Flushes a range; no fence. */
  void flush(MemorySegment map, long offset, long length);

  /** Fences. */
  void drain();

  /** Copies as the flags say. */
  void copy(
      MemorySegment map,
      long offset,
      MemorySegment source,
      long sourceOffset,
      long length,
      CopyFlags flags,
      boolean eadr);

  /** Fills as the flags say. */
  void fill(MemorySegment map, long offset, long length, byte value, CopyFlags flags, boolean eadr);
}
