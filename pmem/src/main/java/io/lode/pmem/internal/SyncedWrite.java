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
 * Writes durably to the file behind a map by {@code pwritev2(2)} with {@code RWF_DSYNC}: one call
 * instead of a page fault, stores and an {@code msync} through the map, which shows the same pages.
 *
 * @param descriptor the file's descriptor, opened by this library and writable
 * @param mapOffset the map's offset in the file
 */
record SyncedWrite(Descriptor descriptor, long mapOffset) {
  /** The result of {@link #write} if the file is closed or the kernel does not have the call. */
  static final int IMPOSSIBLE = -1;

  private static final int RWF_DSYNC = 2; // linux/fs.h

  /** The number of bytes copied to native memory at a time. */
  private static final long PIECE_BYTES = 1 << 20;

  private static final StructLayout IOVEC =
      MemoryLayout.structLayout(ADDRESS.withName("iov_base"), JAVA_LONG.withName("iov_len"));
  private static final VarHandle BASE =
      IOVEC.varHandle(MemoryLayout.PathElement.groupElement("iov_base"));
  private static final VarHandle LENGTH =
      IOVEC.varHandle(MemoryLayout.PathElement.groupElement("iov_len"));
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /**
   * Writes bytes, durable on return.
   *
   * @param map a map of the file
   * @param offset first byte to write, from the start of the map
   * @param source the memory to copy from
   * @param sourceOffset first byte
   * @param length bytes, above 0
   * @return 0; {@link #IMPOSSIBLE} if the caller must use another way; or the error number, and
   *     which part of the range is durable is then unknown
   * @throws InternalError if a page of either has no memory
   */
  int write(MemorySegment map, long offset, MemorySegment source, long sourceOffset, long length) {
    int errno = 0;
    try (Arena arena = Arena.ofConfined()) {
      Call call = new Call(arena, Math.min(length, PIECE_BYTES));
      for (long done = 0; done < length && errno == 0; done += PIECE_BYTES) {
        long piece = Math.min(length - done, PIECE_BYTES);
        call.take(map, offset + done, source, sourceOffset + done, piece);
        long fileOffset = mapOffset + offset + done;
        errno = descriptor.useIfOpen(fd -> call.write(fd, fileOffset, piece), IMPOSSIBLE);
      }
    }
    return errno;
  }

  /** The native memory of a write. */
  private static final class Call {
    private final MemorySegment vector;
    private final MemorySegment state;
    private final MemorySegment bytes;

    Call(Arena arena, long mostBytes) {
      vector = arena.allocate(IOVEC);
      state = arena.allocate(STATE);
      bytes = arena.allocate(mostBytes + 1);
    }

    void take(
        MemorySegment map, long offset, MemorySegment source, long sourceOffset, long length) {
      // Reading the last byte fails if the file was truncated meanwhile: a write would extend it.
      // The byte is stored in a field, because the compiler drops a read that nothing uses.
      MemorySegment.copy(map, offset + length - 1, bytes, bytes.byteSize() - 1, 1);
      MemorySegment.copy(source, sourceOffset, bytes, 0, length);
      Faults.deliver();
    }

    int write(int fd, long fileOffset, long length) {
      long done = 0;
      while (done < length) {
        BASE.set(vector, 0L, bytes.asSlice(done));
        LENGTH.set(vector, 0L, length - done);
        long written = once(fd, fileOffset + done);
        int errno = written < 0 ? (int) ERRNO.get(state, 0L) : 0;
        if (errno != 0 && errno != Errno.EINTR.number()) {
          return isUnknown(errno) ? IMPOSSIBLE : errno;
        }
        if (written == 0) {
          return Errno.EIO.number();
        }
        done += Math.max(0, written);
      }
      return 0;
    }

    private long once(int fd, long fileOffset) {
      try {
        return (long) Holder.PWRITEV2.invokeExact(state, fd, vector, 1, fileOffset, RWF_DSYNC);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError("pwritev2 declares no exception", e);
      }
    }

    /** Linux before 4.6 does not have the call, and before 4.7 not the flag. */
    private static boolean isUnknown(int errno) {
      return errno == Errno.EOPNOTSUPP.number() || errno == Errno.ENOSYS.number();
    }
  }

  /** Linked on first use. */
  private static final class Holder {
    static final MethodHandle PWRITEV2 = handle();

    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("pwritev2"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT),
          Linker.Option.captureCallState("errno"));
    }
  }
}
