package io.lode.bench.persist;

import java.util.Locale;

/** What is measured; the names are also those of {@code persist.c} and the benchmark's methods. */
enum Call {
  /** A word is stored in each line of the range; the range is flushed and drained. */
  PERSIST("store and persist"),

  /** Bytes are copied to the range and are durable on return. */
  COPY("copy and persist");

  private final String title;

  Call(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Returns the name by which {@code persist.c} knows it. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the end of the name of the methods of {@link PersistBenchmark} that measure it. */
  String method() {
    return name().charAt(0) + id().substring(1);
  }
}
