package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.SourceKind;
import io.lode.pmem.internal.jna.LibC;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file or device whose type was checked before it was opened. Opening some devices has effects (a
 * watchdog starts, a tape rewinds) and opening a FIFO blocks, so the path is first resolved to a
 * descriptor that opens nothing, that descriptor is checked, and then exactly the file behind it is
 * opened.
 *
 * @param descriptor the descriptor
 * @param kind the kind of source
 * @param status its status when it was opened
 * @param place its name in messages
 */
public record OpenSource(Descriptor descriptor, SourceKind kind, FileStatus status, String place) {
  private static final String OPERATION = "open";

  /**
   * Opens a path.
   *
   * @param path the path of a file or dax device
   * @param writable whether to open for writing as well
   * @param files where device files are
   * @throws PmemException INVALID_FILE_TYPE, NOSUPP, or a negative errno
   */
  public static OpenSource open(Path path, boolean writable, DeviceFiles files) {
    LibC libc = SystemCalls.libc(OPERATION);
    String place = path.toString();
    int handle = libc.open(bytes(path), LibC.O_PATH | LibC.O_CLOEXEC, 0);
    if (handle < 0) {
      throw Failures.errno(OPERATION, place, SystemCalls.errno());
    }
    boolean kept = false;
    try {
      FileStatus status = FileStatus.of(handle, OPERATION, place);
      SourceKind kind = kind(handle, status, files, place);
      kept = !kind.isMappable();
      int fd = kept ? handle : Descriptor.reopen(libc, handle, writable, OPERATION, place);
      return new OpenSource(
          new Descriptor(fd, place, true, writable && !kept), kind, status, place);
    } finally {
      if (!kept) {
        libc.close(handle);
      }
    }
  }

  /**
   * Borrows an open descriptor, with the checks of {@code pmem2_source_from_fd} in their order.
   *
   * @param fd the descriptor, which still belongs to its owner
   * @param files where device files are
   * @throws PmemException INVALID_FILE_HANDLE, INVALID_FILE_TYPE, NOSUPP, or a negative errno
   */
  public static OpenSource borrow(int fd, DeviceFiles files) {
    LibC libc = SystemCalls.libc(OPERATION);
    String place = "descriptor " + fd;
    if (fd < 0) {
      throw Failures.of(OPERATION, place, PmemError.INVALID_FILE_HANDLE, "the number is negative");
    }
    int flags = libc.fcntl(fd, LibC.F_GETFL, 0);
    if (flags < 0) {
      int errno = SystemCalls.errno();
      throw errno == Errno.EBADF.number()
          ? Failures.of(OPERATION, place, PmemError.INVALID_FILE_HANDLE, "it is not open")
          : Failures.errno(OPERATION, place, errno);
    }
    int mode = flags & LibC.O_ACCMODE;
    if (mode == LibC.O_WRONLY) {
      throw Failures.of(
          OPERATION, place, PmemError.INVALID_FILE_HANDLE, "it is open for writing only");
    }
    FileStatus status = FileStatus.of(fd, OPERATION, place);
    SourceKind kind = kind(fd, status, files, place);
    return new OpenSource(
        new Descriptor(fd, place, false, mode == LibC.O_RDWR), kind, status, place);
  }

  /**
   * Requires that it is not closed.
   *
   * @throws IllegalStateException if closed
   */
  public void requireOpen() {
    descriptor.use(fd -> fd);
  }

  /** Tells whether it is a device on the dax bus. */
  public boolean isDevice() {
    return kind != SourceKind.FILE && kind != SourceKind.FSDAX_FILE;
  }

  /**
   * Returns the current size.
   *
   * @param files where device files are
   * @throws PmemException INVALID_SIZE_FORMAT if a device does not report it
   */
  public long sizeBytes(DeviceFiles files) {
    FileStatus now = descriptor.status("ask the size of");
    if (now.type() == FileStatus.Type.REGULAR) {
      return now.sizeBytes();
    }
    return files
        .daxSizeBytes(status.device())
        .orElseThrow(
            () -> Failures.of("ask the size of", place, PmemError.INVALID_SIZE_FORMAT, ""));
  }

  /**
   * Returns the alignment of maps.
   *
   * @param files where device files are
   * @throws PmemException INVALID_ALIGNMENT_FORMAT or INVALID_ALIGNMENT_VALUE for a device that
   *     does not report it
   */
  public long alignmentBytes(DeviceFiles files) {
    if (!isDevice()) {
      return PageSize.bytes();
    }
    String operation = "ask the alignment of";
    long bytes =
        files
            .daxAlignmentBytes(status.device())
            .orElseThrow(
                () -> Failures.of(operation, place, PmemError.INVALID_ALIGNMENT_FORMAT, ""));
    if (bytes <= 0 || Long.bitCount(bytes) != 1) {
      throw Failures.of(operation, place, PmemError.INVALID_ALIGNMENT_VALUE, bytes + " bytes");
    }
    return bytes;
  }

  private static SourceKind kind(int fd, FileStatus status, DeviceFiles files, String place) {
    return switch (status.type()) {
      // An overlay hands on what the file below says of itself, but not its MAP_SYNC.
      case REGULAR ->
          status.dax() && !NoDax.isOverlay(FileSystem.magic(fd))
              ? SourceKind.FSDAX_FILE
              : SourceKind.FILE;
      case CHARACTER -> {
        if (!files.isDax(status.device())) {
          throw wrongType(OPERATION, place, "a character device that is not a dax device");
        }
        yield files.isDisabledDax(status.device())
            ? SourceKind.DISABLED_DAX
            : daxKind(files.driver(status.device()).orElse(""));
      }
      default -> throw wrongType(OPERATION, place, status.type().words());
    };
  }

  private static SourceKind daxKind(String driver) {
    if (driver.equals("kmem")) {
      return SourceKind.SYSTEM_RAM_DAX;
    }
    return driver.startsWith("fsdev") || driver.startsWith("famfs")
        ? SourceKind.FAMFS_DAX
        : SourceKind.DEVDAX;
  }

  private static PmemException wrongType(String operation, String place, String type) {
    return Failures.of(operation, place, PmemError.INVALID_FILE_TYPE, "it is " + type);
  }

  /**
   * libc must see the bytes that the JVM uses for the path, so they are encoded with its charset.
   */
  private static byte[] bytes(Path path) {
    String name = System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name());
    return (path + "\0").getBytes(Charset.forName(name));
  }
}
