package io.lode.pmem.internal;

import io.lode.pmem.internal.jna.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The file systems that differ in what a sync means; numbers from {@code linux/magic.h}. */
public enum FileSystem {
  /** Memory: nothing survives a restart of the machine. */
  MEMORY("tmpfs, in memory: nothing survives a restart of the machine"),
  /** Another machine's, or another program's, promise. */
  REMOTE("a network or user-space file system: what a sync means there is not known"),
  /** A local disk. */
  LOCAL("a local file system: synced pages are on the device");

  private static final int STATFS_BYTES = 120;

  private final String durability;

  FileSystem(String durability) {
    this.durability = durability;
  }

  /** Says what durable means there. */
  public String durability() {
    return durability;
  }

  static FileSystem of(Descriptor descriptor) {
    byte[] statfs = new byte[STATFS_BYTES];
    LibC libc = SystemCalls.libc("statfs");
    int result = descriptor.use(fd -> libc.fstatfs(fd, statfs));
    return result == 0 ? ofMagic(magic(statfs)) : REMOTE;
  }

  /** The first field of {@code struct statfs}. */
  static long magic(byte[] statfs) {
    return ByteBuffer.wrap(statfs).order(ByteOrder.nativeOrder()).getInt(0) & 0xffffffffL;
  }

  private static FileSystem ofMagic(long magic) {
    return switch ((int) magic) {
      // tmpfs, ramfs, hugetlbfs
      case 0x01021994, 0x858458f6, 0x958458f6 -> MEMORY;
      // nfs, smb, cifs, smb2, ceph, afs, fuse, 9p, coda, gfs2, ocfs2, lustre
      case 0x6969,
          0x517b,
          0xff534d42,
          0xfe534d42,
          0x00c36400,
          0x5346414f,
          0x65735546,
          0x01021997,
          0x73757245,
          0x01161970,
          0x7461636f,
          0x0bd00bd0 ->
          REMOTE;
      default -> LOCAL;
    };
  }
}
