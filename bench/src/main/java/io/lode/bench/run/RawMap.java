package io.lode.bench.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.numa.Numa;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * A plain shared mapping of a file or device: nothing is populated, nothing is flushed. It shows
 * what the kernel takes for a mapping, a first touch and an msync; all else is measured through the
 * library.
 */
@SuppressWarnings("restricted")
public final class RawMap implements AutoCloseable {
  private static final int READ_WRITE = 2; // O_RDWR, <fcntl.h>
  private static final int PROT_NONE = 0; // <sys/mman.h> from here on
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_RESERVE = 0x4022; // PRIVATE, ANONYMOUS, NORESERVE
  private static final int MAP_MEMORY = 0x22; // PRIVATE, ANONYMOUS
  private static final int MADV_HUGEPAGE = 14;
  private static final int MS_SYNC = 4;
  private static final int EIO = 5;

  /** A huge page where pages have 4 KiB: from here on the kernel can use some. */
  private static final long ALIGNMENT_BYTES = 2 << 20;

  /** An address of msync(2) is a multiple of that. */
  private static final long PAGE_BYTES = Numa.pageSizeBytes();

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
          CAPTURE);
  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MADVISE =
      function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MSYNC =
      function("msync", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT), CAPTURE);
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          CAPTURE);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final long reserved;
  private final long reservedBytes;
  private final Arena arena;
  private final MemorySegment segment;

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** Reserves addresses first, so that the mapping is aligned and huge pages are possible. */
  private RawMap(
      String name, int fd, int flags, long offset, long lengthBytes, Arena arena, Arena calls)
      throws Throwable {
    this.arena = arena;
    reservedBytes = lengthBytes + ALIGNMENT_BYTES;
    MemorySegment state = calls.allocate(STATE);
    reserved = (long) MMAP.invokeExact(state, 0L, reservedBytes, PROT_NONE, MAP_RESERVE, -1, 0L);
    require(reserved != -1, "reserve addresses for", name, state);
    long aligned = (reserved + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    int fixed = flags | MAP_FIXED;
    long address =
        (long) MMAP.invokeExact(state, aligned, lengthBytes, PROT_READ_WRITE, fixed, fd, offset);
    if (address == -1) {
      int _ = (int) MUNMAP.invokeExact(reserved, reservedBytes);
    }
    require(address != -1, "map", name, state);
    segment = MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, _ -> unmap());
  }

  /**
   * Maps a part of a file or device, aligned so that huge pages are possible.
   *
   * @param arena whose threads may use it; closed with this
   * @throws BenchException if the kernel refuses
   */
  public static RawMap of(Path file, long offset, long lengthBytes, Arena arena) {
    String name = file.toString();
    try (Arena calls = Arena.ofConfined()) {
      MemorySegment state = calls.allocate(STATE);
      int fd = (int) OPEN.invokeExact(state, calls.allocateFrom(name), READ_WRITE);
      require(fd >= 0, "open", name, state);
      try {
        return new RawMap(name, fd, MAP_SHARED, offset, lengthBytes, arena, calls);
      } finally {
        int _ = (int) CLOSE.invokeExact(fd);
      }
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
  }

  /**
   * Maps memory of no file, with the advice to use huge pages.
   *
   * @throws BenchException if the kernel refuses
   */
  public static RawMap anonymous(long lengthBytes, Arena arena) {
    try (Arena calls = Arena.ofConfined()) {
      var map = new RawMap("memory", -1, MAP_MEMORY, 0, lengthBytes, arena, calls);
      // A kernel without huge pages refuses; then they are small.
      int _ = (int) MADVISE.invokeExact(map.segment.address(), lengthBytes, MADV_HUGEPAGE);
      return map;
    } catch (Throwable failure) {
      throw unchecked(failure);
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException own ? own : new IllegalStateException(failure);
  }

  private static void require(boolean holds, String operation, String name, MemorySegment state) {
    if (!holds) {
      throw new BenchException(
          BenchException.SYSTEM, operation + " " + name + ": errno " + (int) ERRNO.get(state, 0L));
    }
  }

  /** Returns the memory. */
  public MemorySegment segment() {
    return segment;
  }

  /** Syncs the pages of a range; returns 0, or the errno of msync(2). */
  public int sync(long offset, long lengthBytes, MemorySegment state) {
    long from = (segment.address() + offset) & -PAGE_BYTES;
    long to = segment.address() + offset + lengthBytes;
    try {
      int result = (int) MSYNC.invokeExact(state, from, to - from, MS_SYNC);
      return result == 0 ? 0 : Math.max(1, (int) ERRNO.get(state, 0L));
    } catch (Throwable impossible) {
      return EIO;
    }
  }

  /** Makes the memory in which {@link #sync} leaves an errno; of one thread alone. */
  public static MemorySegment newState() {
    return Arena.ofAuto().allocate(STATE);
  }

  private void unmap() {
    try {
      int _ = (int) MUNMAP.invokeExact(reserved, reservedBytes);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
