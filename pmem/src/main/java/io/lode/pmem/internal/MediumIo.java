package io.lode.pmem.internal;

import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.Sharing;
import io.lode.pmem.internal.jna.LibC;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/**
 * Reads and writes a source so that a damaged medium does no harm: a file through the kernel, which
 * reports damage, and a device through a map, where faults of Java's own loads and stores can be
 * caught.
 *
 * @param source the file or device
 * @param platform the machine
 */
public record MediumIo(OpenSource source, Platform platform) {
  /** The longest transfer of one system call, and so the largest array of a call. */
  private static final int PIECE_BYTES = 1 << 20;

  private static final String EXTEND = "extend";

  /** A system call that moves bytes. */
  private interface Transfer {
    long move(LibC libc, int fd, byte[] piece, long length, long offset);
  }

  /**
   * Checks a range, as libpmem2 intends to.
   *
   * @param sizeBytes the size of the source
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

  /**
   * Reads a range of the source, which must lie inside it.
   *
   * @throws PmemException IO_FAIL if the medium has lost part of it; a negative errno
   */
  public void read(long offset, MemorySegment destination) {
    if (!source.isDevice()) {
      readFile(offset, destination);
    } else if (destination.byteSize() != 0) {
      readDevice(offset, destination);
    }
  }

  /**
   * Writes a range of the source, which must lie inside it.
   *
   * @throws PmemException IO_FAIL if the medium is damaged there; a negative errno
   */
  public void write(long offset, MemorySegment content) {
    if (!source.isDevice()) {
      writeFile(offset, content);
    } else if (content.byteSize() != 0) {
      writeDevice(offset, content);
    }
  }

  private void readFile(long offset, MemorySegment destination) {
    byte[] piece = new byte[pieceBytes(destination)];
    for (long done = 0; done < destination.byteSize(); ) {
      long wanted = Math.min(piece.length, destination.byteSize() - done);
      long got = moved("read", piece, wanted, offset + done, LibC::pread);
      MemorySegment.copy(piece, 0, destination, ValueLayout.JAVA_BYTE, done, (int) got);
      done += got;
    }
  }

  private void writeFile(long offset, MemorySegment content) {
    byte[] piece = new byte[pieceBytes(content)];
    for (long done = 0; done < content.byteSize(); ) {
      long wanted = Math.min(piece.length, content.byteSize() - done);
      MemorySegment.copy(content, ValueLayout.JAVA_BYTE, done, piece, 0, (int) wanted);
      done += moved("write", piece, wanted, offset + done, LibC::pwrite);
    }
  }

  /**
   * Makes a file longer by zeros that are really written; both they and the length are durable on
   * return. If that fails it has its old length.
   *
   * @param from its length
   * @param to its new one
   * @throws PmemException a negative errno, ENOSPC without room
   */
  public void extend(long from, long to) {
    LibC libc = SystemCalls.libc(EXTEND);
    try {
      // The missing room is found before anything is written, where the file system can tell.
      int refused = errnoOf(fd -> libc.fallocate(fd, 0, from, to - from));
      if (refused != 0 && refused != Errno.EOPNOTSUPP.number()) {
        throw Failures.errno(EXTEND, range(source.place(), from, to - from), refused);
      }
      byte[] zeros = new byte[PIECE_BYTES];
      for (long done = from; done < to; ) {
        done += moved(EXTEND, zeros, Math.min(zeros.length, to - done), done, LibC::pwrite);
      }
      requireDone(libc::fsync);
    } catch (Throwable failure) {
      errnoOf(fd -> libc.ftruncate(fd, from));
      throw failure;
    }
  }

  private void requireDone(IntUnaryOperator call) {
    int errno = errnoOf(call);
    if (errno != 0) {
      throw Failures.errno(EXTEND, source.place(), errno);
    }
  }

  /** Makes a call with the descriptor again while it is interrupted; returns 0 or its errno. */
  private int errnoOf(IntUnaryOperator call) {
    int errno;
    do {
      errno = source.descriptor().use(fd -> call.applyAsInt(fd) == 0 ? 0 : SystemCalls.errno());
    } while (errno == Errno.EINTR.number());
    return errno;
  }

  private static int pieceBytes(MemorySegment memory) {
    return (int) Math.min(memory.byteSize(), PIECE_BYTES);
  }

  private long moved(String operation, byte[] piece, long length, long offset, Transfer transfer) {
    LibC libc = SystemCalls.libc(operation);
    String place = range(source.place(), offset, length);
    long moved;
    int errno;
    do {
      moved = source.descriptor().use(fd -> transfer.move(libc, fd, piece, length, offset));
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
          operation, place, PmemError.LENGTH_OUT_OF_RANGE, "the file was truncated meanwhile");
    }
    return moved;
  }

  /** EFAULT is the medium's too (DAX, Linux 6), because the array is good memory. */
  private static boolean isOfTheMedium(int errno) {
    return errno == Errno.EIO.number()
        || errno == Errno.EFAULT.number()
        || errno == Errno.EHWPOISON.number();
  }

  private void readDevice(long offset, MemorySegment destination) {
    long length = destination.byteSize();
    new LostRanges(platform).requireNone(source, "read", offset, length);
    long start = startOfUnit(offset);
    try (PmemMap map = mapUnits(start, offset + length, Protection.READ)) {
      copy("read", map.segment(), offset - start, destination, 0, length);
    }
  }

  private void writeDevice(long offset, MemorySegment content) {
    long length = content.byteSize();
    new LostRanges(platform).requireNone(source, "write", offset, length);
    long start = startOfUnit(offset);
    try (PmemMap map = mapUnits(start, offset + length, Protection.READ_WRITE)) {
      copy("write", content, 0, map.segment(), offset - start, length);
      map.persist(offset - start, length);
    }
  }

  /**
   * Copies with Java's loads and stores: a fault in a map's own copy would end the process. All
   * faults are taken here, so that none disturbs the closing of the map.
   */
  private void copy(
      String operation,
      MemorySegment from,
      long fromOffset,
      MemorySegment to,
      long toOffset,
      long length) {
    try {
      MemorySegment.copy(from, fromOffset, to, toOffset, length);
      Faults.deliver();
    } catch (InternalError e) {
      throw failed(operation, e);
    }
  }

  private long startOfUnit(long offset) {
    return offset - offset % source.alignmentBytes(platform.files());
  }

  /** Maps the aligned units of the device that hold a range. */
  private PmemMap mapUnits(long start, long end, Protection protection) {
    long alignment = source.alignmentBytes(platform.files());
    long size = source.sizeBytes(platform.files());
    long length = Math.min((end - start + alignment - 1) / alignment * alignment, size - start);
    return Mapping.open(
        new Mapping.Request(
            source.place(),
            source.kind(),
            source,
            size,
            alignment,
            Granularity.PAGE,
            start,
            length,
            Sharing.SHARED,
            protection,
            null,
            0),
        platform);
  }

  private static PmemException failed(String operation, String place) {
    return Failures.of(
        operation,
        place,
        PmemError.IO_FAIL,
        "",
        "list the bad blocks with Source.badBlocks and clear them with Source.clearBadBlock");
  }

  private PmemException failed(String operation, InternalError cause) {
    Faults.discard();
    PmemException failure = failed(operation, source.place());
    failure.initCause(cause);
    return failure;
  }

  /** Returns the name of a range of a source. */
  public static String range(String place, long offset, long length) {
    return place + " [offset " + offset + ", length " + length + "]";
  }
}
