package io.lode.pmem.internal.jna;

/**
 * The functions of libc that open, query, lock, read and map sources, as in C; {@link
 * NativeLibraries#errno} returns the error after a result of -1. Constants are those of Linux on
 * x86-64 and aarch64 ({@code asm-generic/fcntl.h}, {@code asm-generic/mman.h}, {@code
 * linux/stat.h}).
 */
public interface LibC {
  /** Read only. */
  int O_RDONLY = 0;

  /** Write only. */
  int O_WRONLY = 1;

  /** Read and write. */
  int O_RDWR = 2;

  /** The bits of the access mode. */
  int O_ACCMODE = 3;

  /** Not inherited by programs that are executed later. */
  int O_CLOEXEC = 0x80000;

  /** Only a reference to the file: nothing is opened. */
  int O_PATH = 0x200000;

  /** Returns the flags of a descriptor. */
  int F_GETFL = 3;

  /** The descriptor itself rather than a path below it. */
  int AT_EMPTY_PATH = 0x1000;

  /** Type, mode, size and so on. */
  int STATX_BASIC_STATS = 0x7ff;

  /** The number of the mount. */
  int STATX_MNT_ID = 0x1000;

  /** Attribute: loads and stores go to the medium, without a page cache. */
  long STATX_ATTR_DAX = 0x200000;

  /** Exclusive lock. */
  int LOCK_EX = 2;

  int LOCK_SH = 1;

  /** Do not wait for the lock. */
  int LOCK_NB = 4;

  /** No access. */
  int PROT_NONE = 0;

  /** Loads. */
  int PROT_READ = 1;

  /** Stores. */
  int PROT_WRITE = 2;

  /** Stores reach the file; unknown flags are ignored. */
  int MAP_SHARED = 1;

  /** Stores are private to this process. */
  int MAP_PRIVATE = 2;

  /** Like MAP_SHARED, but unknown flags are refused. */
  int MAP_SHARED_VALIDATE = 3;

  /** At exactly this address, replacing whatever is there. */
  int MAP_FIXED = 0x10;

  /** Not backed by a file. */
  int MAP_ANONYMOUS = 0x20;

  /** No swap space is reserved. */
  int MAP_NORESERVE = 0x4000;

  /** File-system metadata is durable before a page becomes writable. */
  int MAP_SYNC = 0x80000;

  /** At exactly this address, or not at all. */
  int MAP_FIXED_NOREPLACE = 0x100000;

  /** Makes every page writable now, and fails if one cannot be; since Linux 5.14. */
  int MADV_POPULATE_WRITE = 23;

  /** Maps every page of the range as a read would; since Linux 5.14. */
  int MADV_POPULATE_READ = 22;

  /** Returns a range to the file system. */
  int FALLOC_FL_PUNCH_HOLE = 2;

  /** Allocate without changing the length. */
  int FALLOC_FL_KEEP_SIZE = 1;

  /** Finds the next hole. */
  int SEEK_HOLE = 4;

  /** Returns where a file is on its device ({@code linux/fiemap.h}). */
  long FS_IOC_FIEMAP = 0xC020660BL;

  /** Writes data that is not yet on the device first. */
  int FIEMAP_FLAG_SYNC = 1;

  /** No extent follows. */
  int FIEMAP_EXTENT_LAST = 1;

  /**
   * The extent's place is unknown, not aligned to blocks, in the inode, or in the last block of
   * another file: no bytes of the device belong to this file alone.
   */
  int FIEMAP_EXTENT_NOWHERE = 0x2 | 0x100 | 0x200 | 0x400;

  /** Space is allocated, and reads as zeros until it is written. */
  int FIEMAP_EXTENT_UNWRITTEN = 0x800;

  /** Other files have the same blocks: a store needs new ones. */
  int FIEMAP_EXTENT_SHARED = 0x2000;

  /** Returns the geometry of an xfs file system ({@code xfs_fs.h}); the buffer has 112 bytes. */
  long XFS_IOC_FSGEOMETRY_V4 = 0x8070587CL;

  /** Files of the xfs file system can share blocks. */
  int XFS_FSOP_GEOM_FLAGS_REFLINK = 1 << 20;

  /** Returns the additional attributes of xfs ({@code linux/fs.h}). */
  long FS_IOC_FSGETXATTR = 0x801C581FL;

  /** Flag of {@code struct fsxattr}: the file is to be DAX, as {@code chattr +x} asks. */
  int FS_XFLAG_DAX = 0x8000;

  /** The file is on the realtime device. */
  int FS_XFLAG_REALTIME = 1;

  /** {@code open(2)}; the path ends with a zero byte. */
  int open(byte[] path, int flags, int mode);

  /** {@code close(2)}. */
  int close(int fd);

  /** {@code fcntl(2)}. */
  int fcntl(int fd, int command, long argument);

  /** {@code statx(2)}; the buffer has 256 bytes. */
  int statx(int fd, byte[] path, int flags, int mask, byte[] buffer);

  /** {@code fstatfs(2)}; the buffer has 120 bytes. */
  int fstatfs(int fd, byte[] buffer);

  /** {@code flock(2)}. */
  int flock(int fd, int operation);

  /** {@code lseek(2)}. */
  long lseek(int fd, long offset, int whence);

  /** {@code ioctl(2)} with a buffer. */
  int ioctl(int fd, long request, byte[] buffer);

  /** {@code pread(2)}. */
  long pread(int fd, byte[] buffer, long length, long offset);

  /** {@code pwrite(2)}. */
  long pwrite(int fd, byte[] buffer, long length, long offset);

  /** {@code ftruncate(2)}. */
  int ftruncate(int fd, long length);

  /** {@code fsync(2)}. */
  int fsync(int fd);

  /** {@code fallocate(2)}. */
  int fallocate(int fd, int mode, long offset, long length);

  /** {@code mmap(2)}. */
  long mmap(long address, long length, int protection, int flags, int fd, long offset);

  /** {@code munmap(2)}. */
  int munmap(long address, long length);

  /** {@code madvise(2)}. */
  int madvise(long address, long length, int advice);

  /** {@code getpagesize(2)}. */
  int getpagesize();
}
