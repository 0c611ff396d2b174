package io.lode.numa;

import io.lode.numa.internal.Errno;
import io.lode.numa.internal.ErrnoException;

/** What to do about a policy that the kernel refused. */
final class PolicyHints {
  private PolicyHints() {}

  static String of(ErrnoException e) {
    return switch (e.errno()) {
      case Errno.EIO -> "pages lie on other nodes and STRICT forbids that; add MOVE or drop STRICT";
      case Errno.EFAULT -> "part of the range is not mapped";
      case Errno.EINVAL -> "this kernel may lack the mode; Numa.probe() tells";
      case Errno.EPERM -> "MOVE_ALL needs CAP_SYS_NICE, and a seccomp profile may forbid the call";
      default -> "";
    };
  }
}
