package io.lode.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Console;
import io.lode.cli.console.Facts;
import io.lode.cli.console.ProgressBar;
import io.lode.kv.KvConfig;
import io.lode.kv.KvEntry;
import io.lode.kv.KvStore;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The steps of the demo, each of which prints what it does. */
final class Demo {
  private final Console console;
  private final DemoPool where;
  private final JdkImage image;
  private final boolean talks;
  private final ImageLoad load;
  private @Nullable Medium medium;
  private String durability = "";
  private double seconds;
  private double verifySeconds;
  private long mismatched;

  Demo(Console console, DemoPool where, JdkImage image, boolean talks) {
    this.console = console;
    this.where = where;
    this.image = image;
    this.talks = talks;
    this.load = new ImageLoad(image);
  }

  /** Loads all files and compares them. */
  void load() throws IOException {
    try (KvStore store = where.create(image)) {
      medium = store.medium();
      durability = medium.durability();
      describe(medium);
      long begin = System.nanoTime();
      try (var bar = new ProgressBar(console, "loading", image.count())) {
        load.run(
            store,
            count -> {
              bar.show(count, load.bytes());
              return true;
            });
      }
      seconds = (System.nanoTime() - begin) / 1e9;
      say(
          "loaded %,d files, %s, in %.1f s (%.1f s of it in puts); %s",
          image.count(),
          ByteSize.format(load.bytes()),
          seconds,
          load.putSeconds(),
          load.placement());
      begin = System.nanoTime();
      try (var bar = new ProgressBar(console, "comparing", image.count())) {
        mismatched = load.mismatches(store, image.count(), bar);
      }
      verifySeconds = (System.nanoTime() - begin) / 1e9;
      say("read back and compared in %.1f s: %,d differ", verifySeconds, mismatched);
    }
  }

  /** Empties the pool, loads again in another process, and kills that process half-way. */
  LoadingProcess.Outcome loadAndKill() throws IOException, InterruptedException {
    where.create(image).close();
    int half = (image.count() + 1) / 2;
    LoadingProcess.Outcome outcome;
    try (var bar = new ProgressBar(console, "loading in a process to be killed", image.count())) {
      outcome = LoadingProcess.run(where.path(), image.count(), half, bar);
    }
    if (outcome.killed()) {
      say(
          "loaded again in another process, killed after %,d acknowledged puts",
          outcome.acknowledged());
    }
    return outcome;
  }

  /** Reopens the pool and compares its entries. */
  DemoResult reopen(LoadingProcess.Outcome outcome) throws IOException {
    long begin = System.nanoTime();
    // Accepts loss, so that lost entries are counted instead of ending the count.
    try (KvStore store = KvStore.open(where.path(), KvConfig.builder().acceptLoss(true).build())) {
      final double reopenSeconds = (System.nanoTime() - begin) / 1e9;
      long lost = lost(store, outcome.acknowledged());
      Survivors survivors = survivors(store);
      long damaged = survivors.wrong + store.recovery().damages().size();
      say(
          "reopened in %.3f s: %,d entries recovered; of %,d acknowledged %,d are lost; %,d damaged",
          reopenSeconds, survivors.right, outcome.acknowledged(), lost, damaged);
      if (where.isRemovedAtTheEnd()) {
        say("the pool is removed");
      }
      return result(outcome, survivors.right, lost, damaged, reopenSeconds);
    }
  }

  private long lost(KvStore store, int acknowledged) throws IOException {
    try (var bar = new ProgressBar(console, "comparing", acknowledged)) {
      return load.mismatches(store, acknowledged, bar);
    }
  }

  /**
   * The entries of the reopened pool, including those that were not acknowledged.
   *
   * @param right entries that have the right value
   * @param wrong entries that do not, or fail verification
   */
  private record Survivors(long right, long wrong) {}

  private Survivors survivors(KvStore store) throws IOException {
    Map<String, Integer> files = new HashMap<>();
    for (int index = 0; index < image.count(); index++) {
      files.put(new String(image.key(index), UTF_8), index);
    }
    long right = 0;
    long wrong = 0;
    Iterator<KvEntry> entries = store.entries();
    while (entries.hasNext()) {
      try {
        KvEntry entry = entries.next();
        Integer file = files.get(new String(entry.key(), UTF_8));
        if (file != null && Arrays.equals(image.value(file), entry.value())) {
          right++;
        } else {
          wrong++;
        }
      } catch (StoreException.Damaged unreadable) {
        wrong++;
      }
    }
    return new Survivors(right, wrong);
  }

  private DemoResult result(
      LoadingProcess.Outcome outcome,
      long recovered,
      long lost,
      long damaged,
      double reopenSeconds) {
    Medium known = Objects.requireNonNull(medium, "not loaded yet");
    OptionalInt node = known.numaNode();
    return new DemoResult(
        where.path().toString(),
        known.kind(),
        granularity(known),
        known.emulated(),
        known.flushPrimitive(),
        durability,
        node.isPresent() ? node.getAsInt() : null,
        load.placement(),
        image.count(),
        load.bytes(),
        seconds,
        load.putSeconds(),
        verifySeconds,
        mismatched,
        outcome.killed(),
        outcome.acknowledged(),
        recovered,
        lost,
        damaged,
        reopenSeconds,
        System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  private void describe(Medium of) {
    if (talks) {
      OptionalInt node = of.numaNode();
      new Facts()
          .add("medium", of.kind() + ", " + ByteSize.format(of.sizeBytes()))
          .add(
              "granularity",
              granularity(of) + (of.emulated() ? " (emulated), " : ", ") + of.flushPrimitive())
          .add("durable means", durability)
          .add("node", node.isPresent() ? node.getAsInt() : "not known")
          .print(console, where.path().toString());
      console.flush();
    }
  }

  private static String granularity(Medium of) {
    return of.granularity().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be an additional dependency
  private void say(String format, Object... values) {
    if (talks) {
      console.line(String.format(Locale.ROOT, format, values));
      console.flush();
    }
  }
}
