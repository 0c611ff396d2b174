package io.lode.pmem;

/** Where persistent memory comes from. */
public final class Source {
  private Source() {}
}
