package io.lode.numa.internal;

import io.lode.numa.internal.jna.LibC;
import io.lode.numa.internal.jna.NativeLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Anonymous mappings; failures are {@link ErrnoException}s. Numbers as in mman(2)'s headers. */
public final class Mappings {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int MAP_HUGETLB = 0x40000;
  private static final int MREMAP_MAYMOVE = 1;
  private static final int MADV_HUGEPAGE = 14;
  private static final int MADV_POPULATE_WRITE = 23;
  private static final long DEFAULT_PAGE_BYTES = 4096;
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private static final long PAGE_BYTES = readPageSize();

  private Mappings() {}

  /** Returns the page size. */
  public static long pageSizeBytes() {
    return PAGE_BYTES;
  }

  private static long readPageSize() {
    try {
      return CLibrary.require().getpagesize();
    } catch (ErrnoException _) {
      return DEFAULT_PAGE_BYTES;
    }
  }

  /** Returns the default huge page size, 0 when the kernel has none. */
  public static long hugePageSizeBytes() {
    try {
      Matcher line =
          Pattern.compile("Hugepagesize:\\s+(\\d+) kB").matcher(Files.readString(MEMINFO));
      return line.find() ? Long.parseLong(line.group(1)) * 1024 : 0;
    } catch (IOException _) {
      return 0;
    }
  }

  /** Maps {@code lengthBytes} of zeros, from the huge page pool if asked; returns the address. */
  public static long map(long lengthBytes, boolean hugePages) throws ErrnoException {
    int flags = MAP_PRIVATE_ANONYMOUS | (hugePages ? MAP_HUGETLB : 0);
    long address = CLibrary.require().mmap(0, lengthBytes, PROT_READ_WRITE, flags, -1, 0);
    if (address == -1) {
      throw failed("mmap");
    }
    return address;
  }

  /** Removes a mapping. */
  public static void unmap(long address, long lengthBytes) throws ErrnoException {
    check(CLibrary.require().munmap(address, lengthBytes), "munmap");
  }

  /** Resizes a mapping, which keeps its policy and moves when needed; returns the new address. */
  public static long remap(long address, long oldBytes, long newBytes) throws ErrnoException {
    LibC c = CLibrary.require();
    long moved = c.mremap(address, oldBytes, newBytes, MREMAP_MAYMOVE);
    if (moved == -1) {
      throw failed("mremap");
    }
    return moved;
  }

  /** Asks for transparent huge pages. */
  public static void adviseHugePages(long address, long lengthBytes) throws ErrnoException {
    check(CLibrary.require().madvise(address, lengthBytes, MADV_HUGEPAGE), "madvise(HUGEPAGE)");
  }

  /**
   * Faults in pages for writing; where a touch would raise a signal, this fails with an error
   * number.
   */
  public static void populate(long address, long lengthBytes) throws ErrnoException {
    int result;
    int errno;
    do {
      result = CLibrary.require().madvise(address, lengthBytes, MADV_POPULATE_WRITE);
      errno = result == 0 ? 0 : NativeLibraries.errno();
    } while (errno == Errno.EAGAIN || errno == Errno.EINTR);
    if (result != 0) {
      throw new ErrnoException("madvise(POPULATE_WRITE)", errno);
    }
  }

  /** Locks pages in memory, which faults them in. */
  public static void lock(long address, long lengthBytes) throws ErrnoException {
    check(CLibrary.require().mlock(address, lengthBytes), "mlock");
  }

  private static void check(int result, String call) throws ErrnoException {
    if (result != 0) {
      throw failed(call);
    }
  }

  private static ErrnoException failed(String call) {
    return new ErrnoException(call, NativeLibraries.errno());
  }
}
