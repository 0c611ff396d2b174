package io.lode.pmem.internal.cpu;

import java.lang.foreign.MemorySegment;

/**
 * The system calls that make code executable, one to one.
 *
 * <p>A result from -4095 to -1 is a negated errno, as the kernel itself returns it.
 */
interface LinuxCalls {
  /** See {@code memfd_create(2)}: returns a descriptor. */
  long memfdCreate(String name, int flags);

  /** See {@code write(2)}: returns the bytes written, which may be fewer. */
  long write(int fd, MemorySegment bytes);

  /** See {@code mmap(2)}, at any address and from the start of the file: returns the address. */
  long mmap(long length, int protection, int flags, int fd);

  /** See {@code close(2)}. */
  long close(int fd);

  /** See {@code getauxval(3)}: returns the value, 0 if there is none. */
  long getauxval(long type);
}
