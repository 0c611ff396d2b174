package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory between two inaccessible pages: a byte read or written outside it ends the process. */
final class GuardedPages implements AutoCloseable {
  private static final long PAGE = 4096;
  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private static final MethodHandle MMAP =
      link(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MPROTECT =
      link("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MUNMAP =
      link("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

  private final long start;
  private final long mapped;
  private final Arena arena;
  private final MemorySegment segment;
  private final MapMemory map;

  /**
   * Maps whole pages, zeroed, whose segment belongs to the arena; at an address if that is free.
   */
  @SuppressWarnings("restricted")
  private GuardedPages(int pages, Arena arena, long address) {
    mapped = (pages + 2) * PAGE;
    this.arena = arena;
    try {
      start =
          (long)
              MMAP.invokeExact(
                  MemorySegment.ofAddress(address), mapped, PROT_NONE, PRIVATE_ANONYMOUS, -1, 0L);
      if (start == -1) {
        throw new IllegalStateException("mmap of guarded pages");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    protect(start + PAGE, pages * PAGE, PROT_READ_WRITE);
    segment = MemorySegment.ofAddress(start + PAGE).reinterpret(pages * PAGE, arena, null);
    map = MapMemory.owned("guarded pages", segment);
  }

  GuardedPages(int pages, Arena arena) {
    this(pages, arena, 0);
  }

  GuardedPages(int pages) {
    this(pages, Arena.ofShared());
  }

  /** Maps them where others were unmapped, unless something else came there first. */
  GuardedPages(int pages, long start) {
    this(pages, Arena.ofShared(), start);
  }

  /** Where the first inaccessible page begins. */
  long start() {
    return start;
  }

  MemorySegment segment() {
    return segment;
  }

  /** The same for routines, which do not hold the arena open. */
  MapMemory map() {
    return map;
  }

  Arena arena() {
    return arena;
  }

  /** Makes every later store end the process. */
  void forbidStores() {
    protect(start + PAGE, mapped - 2 * PAGE, PROT_READ);
  }

  private static void protect(long address, long length, int protection) {
    try {
      if ((int) MPROTECT.invokeExact(address, length, protection) != 0) {
        throw new IllegalStateException("mprotect of guarded pages");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    map.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
    unmap();
  }

  /** Without a look at the arena. */
  void unmap() {
    try {
      if ((int) MUNMAP.invokeExact(start, mapped) != 0) {
        throw new IllegalStateException("munmap of guarded pages");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
