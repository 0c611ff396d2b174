package io.lode.crashtest.trace;

/** How a store is ordered with the other stores of its thread. */
public enum Order {
  /** A plain store: the compiler may exchange it with others. */
  PLAIN,

  /** Part of a copy or fill: many words, of which none is promised to be first. */
  BULK,

  /** A copy or fill around the caches: its words are unordered until the next fence. */
  STREAMED,

  /** Everything before it stays before it. */
  RELEASE,

  /** Everything before it stays before, everything after it after. */
  VOLATILE
}
