package io.lode.crashtest;

/** What a structure answered when its memory was damaged. */
public enum Outcome {
  /** What was there before, all of it. */
  RIGHT,

  /** Something is missing, and the structure says so. */
  NAMED_LOSS,

  /** The structure refused to be opened, with an answer. */
  REFUSED,

  /**
   * The last thing written before a crash is gone, or where whole pages were harmed the last few:
   * no structure can tell that from a write that was never finished, or never begun.
   */
  EXEMPT,

  /** Something else was thrown. */
  FAILED,

  /** A wrong answer without a word. */
  SILENT
}
