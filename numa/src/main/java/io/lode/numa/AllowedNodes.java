package io.lode.numa;

import io.lode.numa.internal.ErrnoException;
import io.lode.numa.internal.PolicyCalls;

/** The nodes from which the kernel takes memory for this process. */
final class AllowedNodes {
  private AllowedNodes() {}

  /** Reads them; in a virtual thread too, because its carrier has the process's cpuset. */
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
