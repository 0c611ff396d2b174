package io.lode.pmem.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * {@code msync(2)} and {@code madvise(2)} on a segment. They are ordinary native calls with the
 * segment as an argument, so the map cannot be closed during the call.
 *
 * <p>The segment is an additional fourth argument, in a register that the functions do not read. As
 * the first argument it would have to be a slice that begins at the range, which is allocated
 * whenever escape analysis fails.
 */
final class MapCall {
  private static final int MS_SYNC = 4;
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private MapCall() {}

  /** Fails early if this JVM denies native access. */
  static void require() {
    try {
      Holder.MSYNC.type();
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      throw Failures.nativeAccessDenied("map", e);
    }
  }

  /**
   * Syncs a range that begins at a page.
   *
   * @return 0 or the error number
   */
  static int sync(MemorySegment map, long offset, long lengthBytes) {
    return errno(Holder.MSYNC, map, offset, lengthBytes, MS_SYNC);
  }

  /**
   * Advises the kernel about a range that begins at a page.
   *
   * @return 0 or the error number
   */
  static int advise(MemorySegment map, long offset, long lengthBytes, int advice) {
    return errno(Holder.MADVISE, map, offset, lengthBytes, advice);
  }

  private static int errno(
      MethodHandle function, MemorySegment map, long offset, long lengthBytes, int argument) {
    try {
      MemorySegment state = Holder.STATE_OF_THREAD.get();
      long address = map.address() + offset;
      while ((int) function.invokeExact(state, address, lengthBytes, argument, map) != 0) {
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != Errno.EINTR.number()) {
          return errno;
        }
      }
      return 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("neither declares an exception", e);
    }
  }

  /** Linked on first use, so that a refusal can be caught. */
  private static final class Holder {
    static final MethodHandle MSYNC = handle("msync");
    static final MethodHandle MADVISE = handle("madvise");

    /** Holds errno, once per thread, so that a sync allocates nothing. */
    static final ThreadLocal<MemorySegment> STATE_OF_THREAD =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS),
          Linker.Option.captureCallState("errno"));
    }
  }
}
