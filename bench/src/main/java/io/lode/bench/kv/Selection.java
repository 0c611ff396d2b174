package io.lode.bench.kv;

import io.lode.bench.kv.load.Dataset;
import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.BenchException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a command line asks for: which stores, and which profiles with which workloads. */
final class Selection {
  private static final String ALL = "all";

  /** Kinds of entries and of use that are measured beside the one that is asked for. */
  enum Extra {
    /** The plain workloads with 8 B keys and values. */
    SMALL,
    /** Values from 8 B to 64 KiB. */
    VALUE_SIZES,
    /** The plain workloads by two threads. */
    TWO_THREADS,
    /** YCSB's mixes with its 10 fields of 100 B. */
    YCSB_1000,
    /** Opening again after a kill and after a close. */
    RECOVERY;

    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final List<Workload> PLAIN =
      List.of(Workload.GET, Workload.UPDATE, Workload.INSERT);
  private static final List<Workload> YCSB =
      Stream.of(Workload.values()).filter(each -> each.name().startsWith("YCSB_")).toList();
  private static final List<Integer> VALUE_SIZES =
      List.of(8, 64, 1 << 10, 4 << 10, 16 << 10, 64 << 10);
  private static final int YCSB_VALUE_BYTES = 1000;
  private static final long SWEEP_BYTES = 64L << 20;
  private static final int MAX_KEY_BYTES = 511;
  private static final int MAX_VALUE_BYTES = 1 << 20;
  private static final int MAX_THREADS = 64;

  private Selection() {}

  static List<Rival> rivals(String text) {
    if (text.equals(ALL)) {
      return List.of(Rival.values());
    }
    // Lode is always there: the others are beside it.
    Set<Rival> chosen = new LinkedHashSet<>(List.of(Rival.LODE));
    List<String> known = Stream.of(Rival.values()).map(Rival::id).toList();
    for (String id : text.split(",", -1)) {
      chosen.add(Rival.of(id).orElseThrow(() -> unknown("rival", id, known)));
    }
    return List.copyOf(chosen);
  }

  static List<Profile> profiles(String text, Profile plain) {
    requireAllowed(plain);
    Set<Workload> workloads = new LinkedHashSet<>();
    Set<Extra> extras = new LinkedHashSet<>();
    for (String id : text.split(",", -1)) {
      boolean isAll = id.equals(ALL);
      List<Workload> asked =
          Stream.of(Workload.values()).filter(each -> isAll || each.id().equals(id)).toList();
      List<Extra> beside =
          Stream.of(Extra.values()).filter(each -> isAll || each.id().equals(id)).toList();
      if (asked.isEmpty() && beside.isEmpty()) {
        throw unknown("workload", id, names());
      }
      workloads.addAll(asked);
      extras.addAll(beside);
    }
    List<Profile> profiles = new ArrayList<>();
    boolean isCleaning = workloads.remove(Workload.CLEANING);
    if (!workloads.isEmpty()) {
      // Always in one order: what is read first, what is removed last.
      List<Workload> ordered =
          Arrays.stream(Workload.values()).filter(workloads::contains).toList();
      profiles.add(plain.with(plain.threads(), ordered));
    }
    if (isCleaning) {
      profiles.add(plain.with(plain.threads(), List.of(Workload.CLEANING)));
    }
    extras.forEach(extra -> profiles.addAll(profiles(extra, plain)));
    return profiles;
  }

  private static List<Profile> profiles(Extra extra, Profile plain) {
    int threads = plain.threads();
    return switch (extra) {
      case SMALL -> List.of(new Profile(8, 8, plain.entries(), threads, PLAIN));
      case TWO_THREADS -> List.of(plain.with(2, PLAIN));
      case YCSB_1000 -> List.of(sized(plain, YCSB_VALUE_BYTES, YCSB));
      case RECOVERY -> List.of(plain.with(1, List.of()));
      case VALUE_SIZES -> VALUE_SIZES.stream().map(size -> sized(plain, size, PLAIN)).toList();
    };
  }

  /** As many entries as keep all values together at a like size. */
  private static Profile sized(Profile plain, int valueBytes, List<Workload> workloads) {
    int entries = (int) Math.min(plain.entries(), Math.max(1000, SWEEP_BYTES / valueBytes));
    return new Profile(plain.keyBytes(), valueBytes, entries, plain.threads(), workloads);
  }

  private static void requireAllowed(Profile plain) {
    require(plain.keyBytes(), Dataset.MIN_BYTES, MAX_KEY_BYTES, "--key");
    require(plain.valueBytes(), Dataset.MIN_BYTES, MAX_VALUE_BYTES, "--value");
    require(plain.threads(), 1, MAX_THREADS, "--threads");
    require(plain.entries(), 1000, 1_000_000_000, "--keys");
  }

  private static void require(int value, int least, int most, String option) {
    BenchException.require(
        value >= least && value <= most,
        "%s %d: from %d to %d".formatted(option, value, least, most));
  }

  private static List<String> names() {
    return Stream.concat(
            Stream.of(Workload.values()).map(Workload::id),
            Stream.of(Extra.values()).map(Extra::id))
        .toList();
  }

  private static BenchException unknown(String kind, String id, List<String> known) {
    return new BenchException(
        BenchException.USAGE,
        "no such %s: '%s'; there are %s and all".formatted(kind, id, String.join(", ", known)));
  }
}
