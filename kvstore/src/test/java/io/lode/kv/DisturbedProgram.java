package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;

import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Does one thing with a pool again and again, while another process cuts its file short or punches
 * holes into it, until its input ends; then verifies what is left. Arguments: the file, what to do.
 * Ends with 0 if every answer was right or a {@link StoreException}.
 */
final class DisturbedProgram {
  /** On its input: whether it still works; anything else ends it. */
  static final char ASKED = '?';

  static final String ANSWER = "works";

  private static final int KEYS = 300;
  private static final KvConfig CONFIG =
      KvConfig.builder().capacityBytes(2 << 20).segmentBytes(128 << 10).overwrite(true).build();

  private final Path path;
  private final String what;

  /** The number in the value of each key that returned last, -1 where that is in doubt. */
  private final long[] versions = new long[KEYS];

  private KvStore store;

  /** Whether the store is open: making it anew may have failed since it was closed. */
  private boolean isOpen;

  private long refusals;
  private long done;

  private DisturbedProgram(Path path, String what) {
    this.path = path;
    this.what = what;
    this.store = filled();
  }

  private KvStore filled() {
    store = KvStore.create(path, CONFIG);
    isOpen = true;
    for (int key = 0; key < KEYS; key++) {
      put(key, 1);
    }
    return store;
  }

  public static void main(String[] arguments) throws IOException {
    var program = new DisturbedProgram(Path.of(arguments[0]), arguments[1]);
    // Before it is told to be ready, so that what runs then is compiled if anything is.
    int warmUp = Integer.parseInt(arguments[2]);
    for (int i = 0; i < warmUp; i++) {
      program.step();
    }
    System.out.println("ready");
    do {
      for (int i = 0; i < 20; i++) {
        program.step();
      }
    } while (program.isToGoOn());
    program.verify();
  }

  /** Answers if it is asked whether it still works. */
  private boolean isToGoOn() throws IOException {
    if (System.in.available() == 0) {
      return true;
    }
    boolean asked = System.in.read() == ASKED;
    if (asked) {
      System.out.println(ANSWER);
    }
    return asked;
  }

  private void step() {
    done++;
    try {
      try {
        doIt(ThreadLocalRandom.current().nextInt(KEYS));
      } catch (StoreException.Full | IllegalStateException _) {
        // Full, or closed because making it anew had failed.
        store.close();
        isOpen = false;
        store = filled();
      }
    } catch (StoreException _) {
      refusals++;
    }
  }

  private void doIt(int key) {
    switch (what) {
      case "put" -> put(key, done);
      case "delete" -> {
        versions[key] = -1;
        store.delete(key(key));
        versions[key] = 0;
        put(key, done);
      }
      case "get" -> check(key, store.get(key(key)));
      case "entries" -> {
        for (Iterator<KvEntry> entries = store.entries(); entries.hasNext(); ) {
          entries.next();
        }
      }
      case "check" -> KvStore.check(path);
      case "open" -> {
        store.close();
        store = KvStore.open(path, CONFIG);
      }
      case "create" -> {
        store.close();
        store = KvStore.create(path, CONFIG);
      }
      default -> throw new IllegalArgumentException(what);
    }
  }

  private void put(int key, long version) {
    versions[key] = -1;
    store.put(key(key), value(key, version));
    versions[key] = version;
  }

  private void check(int key, Optional<byte[]> found) {
    boolean right =
        versions[key] < 0
            || (versions[key] == 0
                ? found.isEmpty()
                : found.isPresent() && Arrays.equals(found.get(), value(key, versions[key])));
    if (!right) {
      System.out.println(
          "WRONG "
              + key
              + " at version "
              + versions[key]
              + ": "
              + found.map(MemoryPools::text).orElse("nothing"));
      System.exit(3);
    }
  }

  private void verify() {
    int named = 0;
    if (isOpen && !what.equals("open") && !what.equals("create") && !what.equals("check")) {
      for (int key = 0; key < KEYS; key++) {
        try {
          check(key, store.get(key(key)));
        } catch (StoreException.Damaged _) {
          named++;
        }
      }
    }
    String reopened = "open";
    try {
      store.close();
      KvStore.open(path, CONFIG).close();
    } catch (StoreException refusal) {
      reopened = refusal.getClass().getSimpleName();
    }
    System.out.println(done + " done, " + refusals + " refused, " + named + " named, " + reopened);
    System.exit(0);
  }

  private static byte[] key(int key) {
    return bytes("key" + key);
  }

  private static byte[] value(int key, long version) {
    return bytes("value " + key + " " + version + " " + "x".repeat(key));
  }
}
