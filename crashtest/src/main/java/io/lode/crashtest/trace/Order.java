package io.lode.crashtest.trace;

/** The ordering of a store relative to the other stores of its thread. */
public enum Order {
  /** A plain store: the compiler may reorder it. */
  PLAIN,

  /** Part of a copy or fill: many words in no guaranteed order. */
  BULK,

  /** A non-temporal copy or fill: its words are unordered until the next fence. */
  STREAMED,

  /** Release: everything before it stays before it. */
  RELEASE,

  /** Volatile: everything before it stays before it, and everything after it stays after it. */
  VOLATILE
}
