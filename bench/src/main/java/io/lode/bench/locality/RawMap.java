package io.lode.bench.locality;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.bench.run.BenchException;
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
 * A plain shared mapping of a file or device: nothing is populated, nothing is flushed. What the
 * library makes of a source is measured through the library; this is for what the kernel asks for a
 * mapping, a first touch and an msync.
 */
@SuppressWarnings("restricted")
final class RawMap implements AutoCloseable {
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

  /** What an address of msync(2) is a multiple of. */
  private static final long PAGE_BYTES = Numa.pageSizeBytes();

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle MMAP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("mmap"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle MUNMAP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("munmap"),
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MADVISE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("madvise"),
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MSYNC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("msync"),
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final long reserved;
  private final long reservedBytes;
  private final Arena arena;
  private final MemorySegment segment;

  private RawMap(long reserved, long reservedBytes, long address, long lengthBytes, Arena arena) {
    this.arena = arena;
    this.reserved = reserved;
    this.reservedBytes = reservedBytes;
    this.segment = MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, _ -> unmap());
  }

  /**
   * Maps a part of a file or device, aligned so that huge pages are possible.
   *
   * @param arena whose threads may use it; closed with this
   * @throws BenchException if the kernel refuses
   */
  static RawMap of(Path file, long offset, long lengthBytes, Arena arena) {
    try (Arena calls = Arena.ofConfined()) {
      MemorySegment state = calls.allocate(STATE);
      int fd = (int) OPEN.invokeExact(state, calls.allocateFrom(file.toString()), READ_WRITE);
      require(fd >= 0, "open", file.toString(), state);
      try {
        return of(file.toString(), fd, MAP_SHARED, offset, lengthBytes, arena, state);
      } finally {
        int _ = (int) CLOSE.invokeExact(fd);
      }
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Maps memory of no file, with the advice to use huge pages.
   *
   * @throws BenchException if the kernel refuses
   */
  static RawMap anonymous(long lengthBytes, Arena arena) {
    try (Arena calls = Arena.ofConfined()) {
      MemorySegment state = calls.allocate(STATE);
      RawMap map = of("memory", -1, MAP_MEMORY, 0, lengthBytes, arena, state);
      // A kernel without huge pages refuses; then they are small.
      int _ = (int) MADVISE.invokeExact(map.segment.address(), lengthBytes, MADV_HUGEPAGE);
      return map;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static RawMap of(
      String name,
      int fd,
      int flags,
      long offset,
      long lengthBytes,
      Arena arena,
      MemorySegment state)
      throws Throwable {
    long reservedBytes = lengthBytes + ALIGNMENT_BYTES;
    long reserved =
        (long) MMAP.invokeExact(state, 0L, reservedBytes, PROT_NONE, MAP_RESERVE, -1, 0L);
    require(reserved != -1, "reserve addresses for", name, state);
    long aligned = (reserved + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    long address =
        (long)
            MMAP.invokeExact(
                state, aligned, lengthBytes, PROT_READ_WRITE, flags | MAP_FIXED, fd, offset);
    if (address == -1) {
      int _ = (int) MUNMAP.invokeExact(reserved, reservedBytes);
    }
    require(address != -1, "map", name, state);
    return new RawMap(reserved, reservedBytes, address, lengthBytes, arena);
  }

  private static void require(boolean holds, String operation, String name, MemorySegment state) {
    if (!holds) {
      throw new BenchException(
          BenchException.SYSTEM, operation + " " + name + ": errno " + (int) ERRNO.get(state, 0L));
    }
  }

  MemorySegment segment() {
    return segment;
  }

  /** Syncs the pages of a range; returns 0, or the errno of msync(2). */
  int sync(long offset, long lengthBytes, MemorySegment state) {
    long from = (segment.address() + offset) & -PAGE_BYTES;
    long to = segment.address() + offset + lengthBytes;
    try {
      int result = (int) MSYNC.invokeExact(state, from, to - from, MS_SYNC);
      return result == 0 ? 0 : Math.max(1, (int) ERRNO.get(state, 0L));
    } catch (Throwable impossible) {
      return EIO;
    }
  }

  /** Makes what {@link #sync} leaves an errno in; of one thread alone. */
  static MemorySegment newState() {
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
