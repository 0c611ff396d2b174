package io.lode.bench.persist;

/** What is measured. */
enum Call {
  /** A word is stored in each line of the range; the range is flushed and drained. */
  PERSIST("store and persist", "Persist"),

  /** Bytes are copied to the range and are durable on return. */
  COPY("copy and persist", "Copy");

  private final String title;
  private final String suffix;

  Call(String title, String suffix) {
    this.title = title;
    this.suffix = suffix;
  }

  String title() {
    return title;
  }

  /** How the methods of {@link PersistBenchmark} end that measure it. */
  String suffix() {
    return suffix;
  }

  /** What {@code persist.c} calls it. */
  String cName() {
    return this == PERSIST ? "persist" : "copy";
  }
}
