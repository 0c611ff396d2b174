package io.lode.pmem.internal.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Maps machine code as executable for the life of the process.
 *
 * <p>The bytes are written into an anonymous file (memfd), which is mapped for reading and
 * execution: no page is ever writable through the mapping, let alone writable and executable at
 * once.
 *
 * <p>This also covers CPUs whose instruction caches are not coherent with the data caches
 * (aarch64). The pages are filled by the kernel, on behalf of write(2), and enter an address space
 * as executable for the first time: at that moment the kernel cleans their lines to the point of
 * unification and invalidates the instruction caches of all cores (arm64: set_ptes →
 * __sync_icache_dcache, keyed by PG_dcache_clean, which write(2) left clear). Any program that was
 * just written to disk, and any library loaded by dlopen, depends on this, so it is safe to rely
 * on. No core can have fetched the new instructions early, since speculative fetches need a valid
 * executable translation, and there was none. The calling thread's own pipeline is refreshed by the
 * return from mmap(2), a context synchronization event; others reach the code through a translation
 * that did not exist before.
 */
final class ExecutableMemory {
  /**
   * {@code MFD_CLOEXEC | MFD_NOEXEC_SEAL} (linux/memfd.h): mapped as code, never executed as a
   * program.
   */
  private static final int MEMFD_FLAGS = 0x1 | 0x8;

  /** {@code MFD_CLOEXEC}: kernels before 6.3 do not have the seal against execution. */
  private static final int MEMFD_FLAGS_OLD = 0x1;

  /** {@code PROT_READ | PROT_EXEC}. */
  private static final int READ_EXECUTE = 0x1 | 0x4;

  private static final int MAP_PRIVATE = 0x2;
  private static final int EINTR = 4;
  private static final int EINVAL = 22;

  private ExecutableMemory() {}

  /** Returns the code as an executable segment. */
  static MemorySegment map(byte[] code, LinuxCalls calls) throws UnusableException {
    long fd = calls.memfdCreate("lode-persist", MEMFD_FLAGS);
    if (fd == -EINVAL) {
      fd = calls.memfdCreate("lode-persist", MEMFD_FLAGS_OLD);
    }
    checked("memfd_create", fd);
    try {
      write((int) fd, code, calls);
      long address = calls.mmap(code.length, READ_EXECUTE, MAP_PRIVATE, (int) fd);
      return reinterpreted(checked("mmap of executable memory", address), code.length);
    } finally {
      calls.close((int) fd);
    }
  }

  private static void write(int fd, byte[] code, LinuxCalls calls) throws UnusableException {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, code);
      while (bytes.byteSize() > 0) {
        long written = calls.write(fd, bytes);
        if (written == 0) {
          throw new UnusableException("writing the code wrote no bytes");
        }
        if (written != -EINTR) {
          bytes = bytes.asSlice(checked("write of the code", written));
        }
      }
    }
  }

  private static long checked(String call, long result) throws UnusableException {
    if (result < 0 && result >= -4095) {
      throw new UnusableException(
          call
              + " was refused with errno "
              + -result
              + ": this system lets no new code be mapped (seccomp, SELinux or limits)");
    }
    return result;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment reinterpreted(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size).asReadOnly();
  }
}
