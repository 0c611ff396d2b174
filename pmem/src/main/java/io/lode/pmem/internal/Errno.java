package io.lode.pmem.internal;

/** The Linux error numbers that sources and maps encounter, with their meaning and advice. */
public enum Errno {
  /** Not permitted. */
  EPERM(1, "not permitted", "check for an immutable or append-only file and for a sandbox"),
  /** No such file. */
  ENOENT(2, "no such file", "check the path, or create the file first"),
  /** Interrupted. */
  EINTR(4, "interrupted", "try again"),
  /** I/O failed. */
  EIO(5, "the medium failed", "check the kernel log and the medium"),
  /** No such device. */
  ENXIO(6, "no such device", "check that the device is enabled"),
  /** Bad descriptor. */
  EBADF(9, "the descriptor is not open for this", "open it for reading and writing"),
  /** Try again. */
  EAGAIN(11, "temporarily unavailable", "try again"),
  /** No memory. */
  ENOMEM(
      12,
      "no memory or address space",
      "map less, or raise the limits (ulimit -v, vm.max_map_count)"),
  /** No permission. */
  EACCES(13, "permission denied", "check the owner and the mode, or open the source read-only"),
  /** A page has no memory. */
  EFAULT(
      14,
      "a page has no memory behind it",
      "check the space left, the length of the file, and Source.badBlocks"),
  /** Exists already. */
  EEXIST(17, "exists already", "choose another place"),
  /** Not supported by the device. */
  ENODEV(19, "the device or file system cannot be mapped", "use another file system"),
  /** Not a directory. */
  ENOTDIR(20, "a part of the path is not a directory", "check the path"),
  /** Bad argument. */
  EINVAL(22, "not valid here", "check offset and length"),
  /** No such control call. */
  ENOTTY(25, "this device or file system has no such call", "use another file system"),
  /** Too many descriptors. */
  EMFILE(24, "too many open files in this process", "close some, or raise ulimit -n"),
  /** Too many descriptors on the machine. */
  ENFILE(23, "too many open files on this machine", "close some, or raise fs.file-max"),
  /** A running program. */
  ETXTBSY(26, "the file is a running program", "use another file"),
  /** Too big. */
  EFBIG(27, "the file would be too large", "raise ulimit -f"),
  /** No space. */
  ENOSPC(28, "no space left on the file system", "free some space, or use a smaller file"),
  /** Read-only. */
  EROFS(30, "the file system is read-only", "open the source read-only, or remount"),
  /** A loop of links. */
  ELOOP(40, "too many symbolic links", "check the path"),
  /** No such call. */
  ENOSYS(38, "this kernel has no such call", "use a newer kernel"),
  /** No locks. */
  ENOLCK(37, "no locks available", "check the lock service of the network file system"),
  /** Too long. */
  ENAMETOOLONG(36, "the path is too long", "use a shorter path"),
  /** Not supported. */
  EOPNOTSUPP(95, "not supported here", "use another file system"),
  /** Quota. */
  EDQUOT(122, "the quota is used up", "free some space"),
  /** Poisoned page. */
  EHWPOISON(133, "a page of the medium is damaged", "list the bad blocks with Source.badBlocks");

  private final int number;
  private final String meaning;
  private final String advice;

  Errno(int number, String meaning, String advice) {
    this.number = number;
    this.meaning = meaning;
    this.advice = advice;
  }

  /** Returns the number. */
  public int number() {
    return number;
  }

  /** Returns a description of any error number, for example {@code ENOSPC (28): no space left}. */
  static String describe(int number) {
    for (Errno errno : values()) {
      if (errno.number == number) {
        return errno + " (-" + number + "): " + errno.meaning;
      }
    }
    return "errno (-" + number + ")";
  }

  /** Returns what can be done about an error number. */
  static String advice(int number) {
    for (Errno errno : values()) {
      if (errno.number == number) {
        return errno.advice;
      }
    }
    return "see errno(3)";
  }
}
