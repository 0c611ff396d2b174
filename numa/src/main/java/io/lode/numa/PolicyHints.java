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

  /**
   * What to do where pages of a range are on other nodes.
   *
   * @param moves whether they were to be moved
   * @param onDevice whether any of them is a device's
   */
  static String ofPagesElsewhere(ErrnoException e, boolean moves, boolean onDevice) {
    if (onDevice) {
      return "it is memory of a device (DAX), which a policy neither places nor moves; STRICT finds"
          + " pages that are mapped by 2 MiB and passes over those of 4 KiB: leave STRICT out, and"
          + " ask Pages.requireOn";
    }
    return moves
        ? "pages lie on other nodes and not all could be moved, as STRICT demands; MOVE_ALL moves"
            + " shared ones too"
        : of(e);
  }
}
