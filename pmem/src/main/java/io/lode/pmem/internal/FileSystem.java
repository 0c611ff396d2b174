package io.lode.pmem.internal;

import io.lode.pmem.internal.jna.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A file system, to the extent that it decides what a sync means. The magic numbers are from {@code
 * linux/magic.h}; those of xfs, zfs and the cluster file systems from their own headers.
 *
 * @param name the name that mount(8) uses
 * @param medium where its bytes are stored
 */
public record FileSystem(String name, Medium medium) {
  private static final int STATFS_BYTES = 120;

  /** Where the bytes of a file system are stored, and so what a sync means. */
  public enum Medium {
    /** Memory. */
    MEMORY("in memory: nothing survives a restart of the machine"),
    /** Another machine. */
    NETWORK(
        "a network file system: a sync hands the bytes to the server; what survives there is not"
            + " known here"),
    /** A program in user space or on the host. */
    PROGRAM(
        "served by a program: a sync asks that program; what it makes durable is not known here"),
    /** Another file system. */
    STACKED(
        "on top of another file system: a sync is passed on to that one unless the mount is"
            + " volatile; which it is, is not known here"),
    /** A local disk. */
    LOCAL("a local file system: synced pages are on its device"),
    /** Unknown. */
    UNKNOWN("what a sync means on this file system is not known");

    private final String durability;

    Medium(String durability) {
      this.durability = durability;
    }
  }

  /** Returns what a sync means there. */
  public String durability() {
    return name + ", " + medium.durability;
  }

  static FileSystem of(Descriptor descriptor) {
    byte[] statfs = new byte[STATFS_BYTES];
    LibC libc = SystemCalls.libc("statfs");
    int result = descriptor.use(fd -> libc.fstatfs(fd, statfs));
    return result == 0
        ? ofMagic(magic(statfs))
        : new FileSystem("a file system that does not report its type", Medium.UNKNOWN);
  }

  /** Returns the number of an open file's file system; O_PATH is enough. 0 if it is unknown. */
  static long magic(int fd) {
    byte[] statfs = new byte[STATFS_BYTES];
    return SystemCalls.libc("statfs").fstatfs(fd, statfs) == 0 ? magic(statfs) : 0;
  }

  /** The first field of {@code struct statfs}. */
  static long magic(byte[] statfs) {
    return ByteBuffer.wrap(statfs).order(ByteOrder.nativeOrder()).getInt(0) & 0xffffffffL;
  }

  static FileSystem ofMagic(long magic) {
    return switch ((int) magic) {
      case 0x01021994 -> new FileSystem("tmpfs", Medium.MEMORY);
      case 0x858458f6 -> new FileSystem("ramfs", Medium.MEMORY);
      case 0x958458f6 -> new FileSystem("hugetlbfs", Medium.MEMORY);
      case 0x6969 -> new FileSystem("nfs", Medium.NETWORK);
      case 0x517b -> new FileSystem("smbfs", Medium.NETWORK);
      case 0xff534d42 -> new FileSystem("cifs", Medium.NETWORK);
      case 0xfe534d42 -> new FileSystem("smb3", Medium.NETWORK);
      case 0x00c36400 -> new FileSystem("ceph", Medium.NETWORK);
      case 0x5346414f, 0x6b414653 -> new FileSystem("afs", Medium.NETWORK);
      case 0x73757245 -> new FileSystem("coda", Medium.NETWORK);
      case 0x0bd00bd0 -> new FileSystem("lustre", Medium.NETWORK);
      case 0x47504653 -> new FileSystem("gpfs", Medium.NETWORK);
      case 0x01161970 -> new FileSystem("gfs2", Medium.NETWORK);
      case 0x7461636f -> new FileSystem("ocfs2", Medium.NETWORK);
      case 0x01021997 -> new FileSystem("9p", Medium.PROGRAM);
      case 0x65735546 -> new FileSystem("fuse or virtiofs", Medium.PROGRAM);
      case 0x00c0ffee -> new FileSystem("hostfs", Medium.PROGRAM);
      case 0x794c7630 -> new FileSystem("overlay", Medium.STACKED);
      case 0xf15f -> new FileSystem("ecryptfs", Medium.STACKED);
      case 0xef53 -> new FileSystem("ext2, ext3 or ext4", Medium.LOCAL);
      case 0x58465342 -> new FileSystem("xfs", Medium.LOCAL);
      case 0x9123683e -> new FileSystem("btrfs", Medium.LOCAL);
      case 0xca451a4e -> new FileSystem("bcachefs", Medium.LOCAL);
      case 0xf2f52010 -> new FileSystem("f2fs", Medium.LOCAL);
      case 0x2fc12fc1 -> new FileSystem("zfs", Medium.LOCAL);
      case 0x3153464a -> new FileSystem("jfs", Medium.LOCAL);
      case 0x3434 -> new FileSystem("nilfs2", Medium.LOCAL);
      case 0x4d44 -> new FileSystem("vfat", Medium.LOCAL);
      case 0x2011bab0 -> new FileSystem("exfat", Medium.LOCAL);
      case 0x7366746e -> new FileSystem("ntfs3", Medium.LOCAL);
      default ->
          new FileSystem("a file system of type 0x" + Long.toHexString(magic), Medium.UNKNOWN);
    };
  }
}
