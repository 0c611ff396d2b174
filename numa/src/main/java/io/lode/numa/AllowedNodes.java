package io.lode.numa;

import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.PolicyCalls;

/** The nodes the kernel takes memory from on behalf of this process. */
final class AllowedNodes {
  private AllowedNodes() {}

  /** Reads them; the cpuset of a virtual thread's carrier is that of the process. */
  static NodeSet ofCaller() {
    return of("read the allowed memory nodes");
  }

  static NodeSet of(String operation) {
    try {
      return NodeSet.of(PolicyCalls.memsAllowed());
    } catch (ErrnoException e) {
      throw NumaException.of(operation, e);
    }
  }
}
