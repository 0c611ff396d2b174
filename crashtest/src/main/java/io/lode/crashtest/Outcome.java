package io.lode.crashtest;

/** The reaction of a structure to damaged memory. */
public enum Outcome {
  /** The answer was complete and right. */
  RIGHT,

  /** Something is missing, and the structure reports it. */
  NAMED_LOSS,

  /** The structure refused to open, with a proper answer. */
  REFUSED,

  /**
   * The last write before a crash is gone, or the last few if whole pages were damaged: no
   * structure can distinguish that from a write that was never finished or never begun.
   */
  EXEMPT,

  /** Another exception was thrown. */
  FAILED,

  /** The answer was silently wrong. */
  SILENT
}
