package io.lode.bench.kv.store;

/** Takes what was read, so that no compiler leaves the reading out. */
final class Sink {
  @SuppressWarnings("UnusedVariable") // a store into a field that others can see is never left out
  private byte last;

  void add(byte read) {
    last ^= read;
  }
}
