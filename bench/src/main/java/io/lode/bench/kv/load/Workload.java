package io.lode.bench.kv.load;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is done to a store that holds a number of entries. */
public enum Workload {
  /** Reads keys in random order. */
  GET("random get"),

  /** Reads keys of which each is told by the value before: nothing can be overlapped. */
  GET_DEPENDENT("get, each key from the last value"),

  /** Reads keys of which few are read most. */
  GET_ZIPF("get, zipf 0.99"),

  /** Reads 32 random keys a call. */
  MULTIGET("multiGet of 32"),

  /** Reads everything. */
  SCAN("scan of everything"),

  /** Overwrites keys in random order. */
  UPDATE("random update"),

  /** Puts new keys. */
  INSERT("insert"),

  /** Puts new keys, 4 a batch. */
  BATCH_4("insert, batches of 4"),

  /** Puts new keys, 16 a batch. */
  BATCH_16("insert, batches of 16"),

  /** Puts new keys, 64 a batch. */
  BATCH_64("insert, batches of 64"),

  /** Puts new keys, 256 a batch. */
  BATCH_256("insert, batches of 256"),

  /** Overwrites random keys, 64 a batch. */
  BATCH_UPDATE_64("random update, batches of 64"),

  /** YCSB's update-heavy mix. */
  YCSB_A("YCSB A: half reads, half updates"),

  /** YCSB's read-mostly mix. */
  YCSB_B("YCSB B: 95 % reads, 5 % updates"),

  /** YCSB's reads alone. */
  YCSB_C("YCSB C: reads"),

  /** YCSB's reads of what is new. */
  YCSB_D("YCSB D: 95 % reads of the latest, 5 % inserts"),

  /** YCSB's short ranges. */
  YCSB_E("YCSB E: 95 % ranges of 1 to 100, 5 % inserts"),

  /** YCSB's read-modify-write. */
  YCSB_F("YCSB F: half reads, half read-modify-writes"),

  /** Overwrites in a store that is 80 % full and has to use space again. */
  CLEANING("random update at 80 % full, space used again"),

  /** Removes keys in random order. */
  DELETE("delete");

  private static final int MULTIGET_KEYS = 32;

  private final String title;

  Workload(String title) {
    this.title = title;
  }

  /**
   * Finds a workload by what is typed for it.
   *
   * @param id its name in lower case, with hyphens
   * @return the workload, empty if there is none of that name
   */
  public static Optional<Workload> of(String id) {
    return List.of(values()).stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /**
   * Returns what is typed for it.
   *
   * @return its name in lower case, with hyphens
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns how it is shown.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * Tells how many entries one call of the store reads or writes.
   *
   * @return 1, or the size of a batch
   */
  public int entriesPerCall() {
    return switch (this) {
      case MULTIGET -> MULTIGET_KEYS;
      case BATCH_4 -> 4;
      case BATCH_16 -> 16;
      case BATCH_64, BATCH_UPDATE_64 -> 64;
      case BATCH_256 -> 256;
      default -> 1;
    };
  }

  /**
   * Tells whether it puts keys that are not there yet.
   *
   * @return true if the store grows
   */
  public boolean isGrowing() {
    return switch (this) {
      case INSERT, BATCH_4, BATCH_16, BATCH_64, BATCH_256, YCSB_D, YCSB_E -> true;
      default -> false;
    };
  }

  /**
   * Tells whether it writes at all.
   *
   * @return false if it only reads
   */
  public boolean isWriting() {
    return switch (this) {
      case GET, GET_DEPENDENT, GET_ZIPF, MULTIGET, SCAN, YCSB_C -> false;
      default -> true;
    };
  }
}
