package io.lode.numa;

import io.lode.numa.internal.PolicyCalls;
import io.lode.numa.internal.RestoreStack;

/**
 * The period in which a thread is under a policy, from {@link MemoryPolicy#apply}; {@link #close()}
 * on the same thread ends it.
 */
public final class PolicyScope implements AutoCloseable {
  private final RestoreStack.Entry<PolicyCalls.Policy> entry;

  PolicyScope(RestoreStack.Entry<PolicyCalls.Policy> entry) {
    this.entry = entry;
  }

  /**
   * Restores the thread's previous policy, including its mode flags; further calls do nothing.
   * Scopes may be closed in any order; closing the last one restores the policy from before the
   * first.
   *
   * @throws IllegalStateException on another thread than the one that opened the scope
   * @throws NumaException when the kernel refuses
   */
  @Override
  public void close() {
    entry
        .close()
        .ifPresent(saved -> MemoryPolicy.setRaw(saved, "restore the thread's memory policy"));
  }
}
