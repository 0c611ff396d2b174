package io.lode.numa;

import io.lode.numa.internal.PolicyCalls;

/**
 * What {@link MemoryPolicy#applyTo} does with pages of a range that already lie on other nodes; by
 * default they stay.
 */
public enum RangeOption {
  /** Fail if there are any. */
  STRICT(PolicyCalls.MF_STRICT),
  /** Move the pages that only this process uses. */
  MOVE(PolicyCalls.MF_MOVE),
  /** Move shared pages too; requires CAP_SYS_NICE. */
  MOVE_ALL(PolicyCalls.MF_MOVE_ALL);

  private final int bit;

  RangeOption(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
