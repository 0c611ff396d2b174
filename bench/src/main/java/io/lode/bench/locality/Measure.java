package io.lode.bench.locality;

import io.lode.bench.run.Figures;

/** What is measured of a source, from the CPUs of a node. */
enum Measure {
  /** A load whose address is the value that the load before it returned. */
  READ_LATENCY(
      "read latency",
      Unit.NANOS,
      "a load that depends on the one before, at random over more than the caches hold"),

  /** Every line of one block after the other is loaded. */
  READ_SEQUENTIAL(
      "sequential read", Unit.GIGABYTES, "a word of every cache line, one block after the other"),

  /** Every line of blocks at random is loaded. */
  READ_RANDOM("random read", Unit.GIGABYTES, "a word of every cache line of blocks at random"),

  /** One block after the other is copied there and made durable as the medium asks for it. */
  WRITE_SEQUENTIAL(
      "sequential write",
      Unit.GIGABYTES,
      "blocks copied one after the other, each as durable as the medium gives before the next"),

  /** Blocks at random are copied there and made durable as the medium asks for it. */
  WRITE_RANDOM(
      "random write",
      Unit.GIGABYTES,
      "blocks copied at random, each as durable as the medium gives before the next"),

  /** A copy through the caches that nothing flushes. */
  PERSIST_STORE("store only", Unit.NANOS, "a copy through the caches, not flushed: not durable"),

  /** A copy through the caches, every line written back, and a fence. */
  PERSIST_FLUSH(
      "store, flush, fence", Unit.NANOS, "a copy through the caches, its lines flushed, a fence"),

  /** A copy around the caches, and a fence. */
  PERSIST_STREAM("non-temporal, fence", Unit.NANOS, "a copy around the caches, and a fence"),

  /** A copy through the caches, and msync(2). */
  PERSIST_MSYNC("store, msync", Unit.NANOS, "a copy through the caches, and msync of its pages"),

  /** mmap(2) and munmap(2). */
  MAP("map", Unit.NANOS, "mapping and unmapping the memory, without touching it"),

  /** The first store to each page of a new mapping. */
  FIRST_TOUCH("first touch", Unit.NANOS, "the first store to a new mapping, for each 4 KiB of it"),

  /** Dependent loads while the other CPUs of the node read. */
  LOADED_LATENCY(
      "loaded latency",
      Unit.NANOS,
      "a dependent load while the other CPUs of the node read as much as they can"),

  /** A durable put into a key-value store that lies there. */
  PUT("store put", Unit.NANOS, "KvStore.put, 16 B keys and 200 B values, durable on return"),

  /** A verified get of a random key. */
  GET("store get", Unit.NANOS, "KvStore.get of a random key into memory, checksum verified");

  private final String title;
  private final Unit unit;
  private final String meaning;

  /** In what it is measured. */
  enum Unit {
    /** Nanoseconds for each access of one thread: less is better. */
    NANOS("ns", true),
    /** Bytes of all threads together: more is better; 1 GB is 10^9 bytes. */
    GIGABYTES("GB/s", false);

    private final String symbol;
    private final boolean isLessBetter;

    Unit(String symbol, boolean isLessBetter) {
      this.symbol = symbol;
      this.isLessBetter = isLessBetter;
    }

    String symbol() {
      return symbol;
    }

    boolean isLessBetter() {
      return isLessBetter;
    }
  }

  Measure(String title, Unit unit, String meaning) {
    this.title = title;
    this.unit = unit;
    this.meaning = meaning;
  }

  String title() {
    return title;
  }

  Unit unit() {
    return unit;
  }

  String meaning() {
    return meaning;
  }

  /** Says which way is better. */
  String way() {
    return unit.isLessBetter() ? "less is better" : "more is better";
  }

  boolean isBandwidth() {
    return unit == Unit.GIGABYTES;
  }

  /** Whether it is measured with blocks of several sizes. */
  boolean isBySize() {
    return isBandwidth() || isPersist();
  }

  boolean isPersist() {
    return switch (this) {
      case PERSIST_STORE, PERSIST_FLUSH, PERSIST_STREAM, PERSIST_MSYNC -> true;
      default -> false;
    };
  }

  boolean isWriting() {
    return switch (this) {
      case WRITE_SEQUENTIAL, WRITE_RANDOM, PUT -> true;
      default -> isPersist();
    };
  }

  /** The name for scripts: lower case, with hyphens. */
  String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** How many times as much worse a value is than another one costs. */
  double cost(double value, double base) {
    return unit.isLessBetter() ? value / base : base / value;
  }

  String figure(double value) {
    if (unit == Unit.NANOS) {
      return Figures.nanos(value);
    }
    if (value >= 0.1) {
      return Figures.number(value) + " GB/s";
    }
    return value >= 1e-4
        ? Figures.number(value * 1e3) + " MB/s"
        : Figures.number(value * 1e6) + " kB/s";
  }
}
