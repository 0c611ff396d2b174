package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.jna.LibC;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of the file behind a map that native code stores to. A store to a page that has no
 * block of its own needs room on the file system, and where there is none a signal ends the
 * process. A page loses its block when somebody punches a hole, and no longer has it to itself once
 * somebody clones the file ({@code FICLONE}: {@code cp --reflink}, snapshots), which nothing
 * announces.
 */
final class FileBlocks {
  /** Of memory that is on no file system. */
  static final FileBlocks NONE = new FileBlocks(null, 0, "", false, false);

  private static final long EXT4_MAGIC = 0xEF53;
  private static final long TMPFS_MAGIC = 0x01021994;
  private static final long RAMFS_MAGIC = 0x858458f6L;
  private static final long HUGETLBFS_MAGIC = 0x958458f6L;
  private static final long XFS_MAGIC = 0x58465342;
  private static final int STATFS_BYTES = 120;

  /** {@code struct xfs_fsop_geom_v4} of {@code xfs_fs.h}, and its flags. */
  private static final int GEOMETRY_BYTES = 112;

  private static final int GEOMETRY_FLAGS = 92;

  private final @Nullable Descriptor descriptor;
  private final long mapOffset;
  private final String place;
  private final boolean holesAreSought;
  private final boolean canBeShared;

  private FileBlocks(
      @Nullable Descriptor descriptor,
      long mapOffset,
      String place,
      boolean holesAreSought,
      boolean canBeShared) {
    this.descriptor = descriptor;
    this.mapOffset = mapOffset;
    this.place = place;
    this.holesAreSought = holesAreSought;
    this.canBeShared = canBeShared;
  }

  /**
   * Returns the blocks of a file.
   *
   * @param descriptor of the file; a borrowed one is not used later, because its owner may close it
   *     and its number may come to mean another file
   * @param mapOffset the map's offset in the file
   * @param place for messages
   */
  static FileBlocks of(Descriptor descriptor, long mapOffset, String place) {
    LibC libc = SystemCalls.libc("statfs");
    long magic = descriptor.use(fd -> magic(libc, fd));
    // Seeking would move the position of a borrowed descriptor, which belongs to its owner.
    boolean holesAreSought = descriptor.isOwned() && (magic == EXT4_MAGIC || magic == TMPFS_MAGIC);
    boolean canBeShared =
        magic == XFS_MAGIC
            ? descriptor.use(fd -> xfsShares(libc, fd))
            : magic != EXT4_MAGIC
                && magic != TMPFS_MAGIC
                && magic != RAMFS_MAGIC
                && magic != HUGETLBFS_MAGIC;
    return new FileBlocks(
        descriptor.isOwned() ? descriptor : null, mapOffset, place, holesAreSought, canBeShared);
  }

  private static long magic(LibC libc, int fd) {
    byte[] statfs = new byte[STATFS_BYTES];
    return libc.fstatfs(fd, statfs) == 0 ? FileSystem.magic(statfs) : 0;
  }

  /** An xfs file system made without reflinks shares no blocks. */
  static boolean xfsShares(LibC libc, int fd) {
    byte[] geometry = new byte[GEOMETRY_BYTES];
    return libc.ioctl(fd, LibC.XFS_IOC_FSGEOMETRY_V4, geometry) != 0
        || (Extents.intAt(geometry, GEOMETRY_FLAGS) & LibC.XFS_FSOP_GEOM_FLAGS_REFLINK) != 0;
  }

  /** Tells whether blocks can come to be shared with another file, so that each store must look. */
  boolean canBeShared() {
    return canBeShared;
  }

  /**
   * Finds the parts of a range that have no written blocks of their own.
   *
   * @param libc libc
   * @param fd the file
   * @param range bytes of the file
   * @return empty if that is not known
   */
  Optional<Extents.Space> space(LibC libc, int fd, FileRange range) {
    if (holesAreSought) {
      boolean written = libc.lseek(fd, range.offset(), LibC.SEEK_HOLE) >= range.end();
      return written ? Optional.of(new Extents.Space(List.of(), List.of())) : Optional.empty();
    }
    return Extents.space(libc, fd, range);
  }

  /**
   * Requires before a store that it needs no room, and gives its pages blocks of their own if they
   * have none and there is room. Costs a system call where blocks can be shared, and nothing
   * elsewhere.
   *
   * @throws PmemException -ENOSPC if there is no room; IO_FAIL if a page cannot be had otherwise.
   *     Nothing was stored
   */
  void require(MapMemory map, long offset, long length) {
    if (canBeShared && length != 0) {
      populate(map, offset, length);
    }
  }

  /**
   * Gives a range blocks of its own, unless it has them. Where these are told by extents no page is
   * touched then. Where only seeking tells, its pages are asked for instead: a seek goes on to the
   * next hole, which in a pool is the end of the file, however short the range is.
   *
   * @throws PmemException -ENOSPC if there is no room; IO_FAIL if a page cannot be had otherwise
   */
  void ensure(MapMemory map, long offset, long length) {
    if (this == NONE || length == 0) {
      return;
    }
    LibC libc = SystemCalls.libc("allocate");
    FileRange range = fileRange(offset, length);
    if (holesAreSought || !useIfOpen(fd -> isOwn(libc, fd, range), false)) {
      populate(map, offset, length);
    }
  }

  private boolean isOwn(LibC libc, int fd, FileRange range) {
    Optional<Extents.Space> space = space(libc, fd, range);
    return space.isPresent() && space.get().isOwn();
  }

  private FileRange fileRange(long offset, long length) {
    return new FileRange(mapOffset + offset, mapOffset + offset + length);
  }

  private <T> T useIfOpen(IntFunction<T> call, T otherwise) {
    return descriptor == null ? otherwise : descriptor.useIfOpen(call, otherwise);
  }

  private void populate(MapMemory map, long offset, long length) {
    // A pending error of the JVM must not be thrown between acquiring and releasing the map.
    Faults.deliver();
    long start = offset & -PageSize.bytes();
    int errno;
    do {
      errno =
          MapCall.advise(map.segment(), start, offset + length - start, LibC.MADV_POPULATE_WRITE);
    } while (errno == Errno.EAGAIN.number());
    // Linux before 5.14 cannot populate.
    if (errno != 0 && errno != Errno.EINVAL.number()) {
      throw failure(errno, offset, length);
    }
  }

  /** The kernel says EFAULT, whatever the reason. */
  private PmemException failure(int errno, long offset, long length) {
    String where = new Faults(place).range(offset, length);
    if (errno != Errno.EFAULT.number() && errno != Errno.ENOSPC.number()) {
      return Failures.errno("store to", where, errno);
    }
    String reason = useIfOpen(fd -> reason(fd, fileRange(offset, length)), "");
    if (!reason.isEmpty()) {
      return Failures.errno("store to", where, Errno.ENOSPC.number(), reason);
    }
    return Failures.of(
        "store to",
        where,
        PmemError.IO_FAIL,
        "a page has no memory behind it",
        "check the space left on the file system and the length of the file");
  }

  /** Says for what there is no room; empty if room is not what is missing. */
  private String reason(int fd, FileRange range) {
    if (FileStatus.of(fd, "store to", place).sizeBytes() < range.end()) {
      return "";
    }
    Extents.Space space =
        Extents.space(SystemCalls.libc("store to"), fd, range)
            .orElse(new Extents.Space(List.of(), List.of()));
    if (!space.shared().isEmpty()) {
      return "the file shares these blocks with a clone (cp --reflink, a snapshot), and a store"
          + " needs a copy of them: free some space, or remove the clone";
    }
    return space.unwritten().isEmpty()
        ? ""
        : "the file has a hole here that somebody made: free some space";
  }
}
