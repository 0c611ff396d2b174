package io.lode.bench.kv.load;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is done to a store that holds a number of entries. */
public enum Workload {
  /** Reads keys in random order. */
  GET("random get", Use.READ),
  /** Each key is named by the value before: no two reads overlap. */
  GET_DEPENDENT("get, each key from the last value", Use.READ),
  /** Few keys are read most. */
  GET_ZIPF("get, zipf 0.99", Use.READ),
  /** Reads 32 random keys per call. */
  MULTIGET("multiGet of 32", Use.READ, 32),
  /** Reads everything. */
  SCAN("scan of everything", Use.READ),
  /** Overwrites keys in random order. */
  UPDATE("random update", Use.WRITE),
  /** Puts new keys. */
  INSERT("insert", Use.GROW),
  /** Puts new keys in batches. */
  BATCH_4("insert, batches of 4", Use.GROW, 4),
  /** Puts new keys in batches. */
  BATCH_16("insert, batches of 16", Use.GROW, 16),
  /** Puts new keys in batches. */
  BATCH_64("insert, batches of 64", Use.GROW, 64),
  /** Puts new keys in batches. */
  BATCH_256("insert, batches of 256", Use.GROW, 256),
  /** Overwrites random keys in batches. */
  BATCH_UPDATE_64("random update, batches of 64", Use.WRITE, 64),
  /** YCSB's update-heavy mix. */
  YCSB_A("YCSB A: half reads, half updates", Use.WRITE),
  /** YCSB's read-mostly mix. */
  YCSB_B("YCSB B: 95 % reads, 5 % updates", Use.WRITE),
  /** YCSB's reads alone. */
  YCSB_C("YCSB C: reads", Use.READ),
  /** YCSB's reads of what is new. */
  YCSB_D("YCSB D: 95 % reads of the latest, 5 % inserts", Use.GROW),
  /** YCSB's short ranges. */
  YCSB_E("YCSB E: 95 % ranges of 1 to 100, 5 % inserts", Use.GROW),
  /** YCSB's read-modify-write. */
  YCSB_F("YCSB F: half reads, half read-modify-writes", Use.WRITE),
  /** Overwrites in a store that has to use space again; a profile of its own. */
  CLEANING("random update, space used again", Use.WRITE),
  /** Removes keys in random order. */
  DELETE("delete", Use.WRITE);

  private enum Use {
    READ,
    WRITE,
    GROW
  }

  private final String title;
  private final Use use;
  private final int entriesPerCall;

  Workload(String title, Use use) {
    this(title, use, 1);
  }

  Workload(String title, Use use, int entriesPerCall) {
    this.title = title;
    this.use = use;
    this.entriesPerCall = entriesPerCall;
  }

  /** Finds a workload by its id. */
  public static Optional<Workload> of(String id) {
    return Stream.of(values()).filter(each -> each.id().equals(id)).findFirst();
  }

  /** Returns its name on the command line: in lower case, with hyphens. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns its name in reports. */
  public String title() {
    return title;
  }

  /** Returns how many entries one call of the store reads or writes. */
  public int entriesPerCall() {
    return entriesPerCall;
  }

  /** Tells whether it puts keys that are not there yet. */
  public boolean isGrowing() {
    return use == Use.GROW;
  }

  /** Tells whether it writes at all. */
  public boolean isWriting() {
    return use != Use.READ;
  }
}
