package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.internal.jna.LibC;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reading and writing a source without harm from a damaged medium: a file through the kernel, which
 * reports it, a device through a map, where Java's own loads and stores can be caught.
 */
public final class MediumIo {
  /** One array of this length serves a call of any length. */
  private static final int PIECE_BYTES = 1 << 20;

  private MediumIo() {}

  /** A call of the kernel that moves bytes. */
  private interface Transfer {
    long move(LibC libc, int fd, byte[] piece, long length, long offset);
  }

  /**
   * Checks a range as libpmem2 means to.
   *
   * @param sizeBytes of the source
   * @throws IllegalArgumentException if the offset is negative
   * @throws PmemException LENGTH_OUT_OF_RANGE
   */
  public static void requireRange(
      String operation, String place, long offset, long length, long sizeBytes) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset + " is negative");
    }
    if (offset > sizeBytes || length > sizeBytes - offset) {
      throw Failures.of(
          operation,
          range(place, offset, length),
          PmemError.LENGTH_OUT_OF_RANGE,
          "the source has " + sizeBytes + " bytes");
    }
  }

  /** Reads from a file. */
  public static void read(OpenSource file, long offset, MemorySegment destination) {
    byte[] piece = new byte[pieceBytes(destination)];
    for (long done = 0; done < destination.byteSize(); ) {
      long wanted = Math.min(piece.length, destination.byteSize() - done);
      long got = moved("read", file, piece, wanted, offset + done, LibC::pread);
      MemorySegment.copy(piece, 0, destination, ValueLayout.JAVA_BYTE, done, (int) got);
      done += got;
    }
  }

  /** Writes to a file. */
  public static void write(OpenSource file, long offset, MemorySegment content) {
    byte[] piece = new byte[pieceBytes(content)];
    for (long done = 0; done < content.byteSize(); ) {
      long wanted = Math.min(piece.length, content.byteSize() - done);
      MemorySegment.copy(content, ValueLayout.JAVA_BYTE, done, piece, 0, (int) wanted);
      done += moved("write", file, piece, wanted, offset + done, LibC::pwrite);
    }
  }

  private static int pieceBytes(MemorySegment memory) {
    return (int) Math.min(memory.byteSize(), PIECE_BYTES);
  }

  private static long moved(
      String operation,
      OpenSource file,
      byte[] piece,
      long length,
      long offset,
      Transfer transfer) {
    LibC libc = SystemCalls.libc(operation);
    String place = range(file.place(), offset, length);
    long moved;
    int errno;
    do {
      moved = file.descriptor().use(fd -> transfer.move(libc, fd, piece, length, offset));
      errno = moved < 0 ? SystemCalls.errno() : 0;
    } while (errno == Errno.EINTR.number());
    if (isOfTheMedium(errno)) {
      throw failed(operation, place);
    }
    if (errno != 0) {
      throw Failures.errno(operation, place, errno);
    }
    if (moved == 0) {
      throw Failures.of(
          operation, place, PmemError.LENGTH_OUT_OF_RANGE, "the file ended meanwhile");
    }
    return moved;
  }

  /** The array is good memory, so a page that could not be had (DAX, Linux 6) is the medium's. */
  private static boolean isOfTheMedium(int errno) {
    return errno == Errno.EIO.number()
        || errno == Errno.EFAULT.number()
        || errno == Errno.EHWPOISON.number();
  }

  /** Reads from the map of a device. */
  public static void read(PmemMap map, long offset, MemorySegment destination, String place) {
    try {
      MemorySegment.copy(map.segment(), offset, destination, 0, destination.byteSize());
      Faults.deliver();
    } catch (InternalError e) {
      throw failed("read", place, e);
    }
  }

  /**
   * Writes to the map of a device. The stores are Java's: those of the map's own copy would end the
   * process.
   */
  public static void write(PmemMap map, long offset, MemorySegment content, String place) {
    try {
      MemorySegment.copy(content, 0, map.segment(), offset, content.byteSize());
      Faults.deliver();
    } catch (InternalError e) {
      throw failed("write", place, e);
    }
    map.persist(offset, content.byteSize());
  }

  private static PmemException failed(String operation, String place) {
    return Failures.of(
        operation,
        place,
        PmemError.IO_FAIL,
        "",
        "list the bad blocks with Source.badBlocks and give them up with Source.clearBadBlock");
  }

  private static PmemException failed(String operation, String place, InternalError cause) {
    Faults.discard();
    PmemException failure = failed(operation, place);
    failure.initCause(cause);
    return failure;
  }

  /** Names a range of a source. */
  public static String range(String place, long offset, long length) {
    return place + " [offset " + offset + ", length " + length + "]";
  }
}
