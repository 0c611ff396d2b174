package io.lode.bench.kv;

import static io.lode.bench.kv.load.Workload.BATCH_64;
import static io.lode.bench.kv.load.Workload.BATCH_UPDATE_64;
import static io.lode.bench.kv.load.Workload.CLEANING;
import static io.lode.bench.kv.load.Workload.DELETE;
import static io.lode.bench.kv.load.Workload.GET;
import static io.lode.bench.kv.load.Workload.INSERT;
import static io.lode.bench.kv.load.Workload.MULTIGET;
import static io.lode.bench.kv.load.Workload.UPDATE;
import static io.lode.bench.kv.store.Rival.CHRONICLE;
import static io.lode.bench.kv.store.Rival.LMDBJAVA;
import static io.lode.bench.kv.store.Rival.LODE;
import static io.lode.bench.kv.store.Rival.ROCKSDBJNI;

import io.lode.bench.kv.load.Costs;
import io.lode.bench.kv.load.Latency;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Lode is to reach: each row of the design's table "What fast means", as ratios inside one
 * run.
 */
final class Gates {
  private static final int MIN_ENTRIES = 2_000_000;
  private static final long LINE_BYTES = 64;

  private final @Nullable Section main;
  private final @Nullable Section twoThreads;
  private final @Nullable Section recovery;
  private final List<Gate> gates = new ArrayList<>();

  private Gates(List<Section> sections) {
    main = find(sections, 1, false);
    twoThreads = find(sections, 2, false);
    recovery = find(sections, 1, true);
  }

  private static @Nullable Section find(List<Section> sections, int threads, boolean isRecovery) {
    return sections.stream()
        .filter(section -> section.profile().threads() == threads)
        .filter(section -> section.profile().isRecovery() == isRecovery)
        .findFirst()
        .orElse(null);
  }

  static List<Gate> of(List<Section> sections) {
    var judged = new Gates(sections);
    judged.writes();
    judged.economy();
    judged.batches();
    judged.reads();
    judged.tail();
    judged.cleaning();
    judged.recovery();
    judged.memory();
    judged.scaling();
    return judged.gates;
  }

  /** Tells whether the figures are of as many entries as the gates are meant for. */
  static boolean isLargeEnough(List<Section> sections) {
    Section main = find(sections, 1, false);
    return main != null && main.profile().entries() >= MIN_ENTRIES;
  }

  private void writes() {
    Row insert = row(main, INSERT, LODE);
    ratio("insert / raw persist", insert == null ? null : insert.persists(), 1.7);
    ahead("insert", INSERT, LMDBJAVA, 12);
    ahead("insert", INSERT, ROCKSDBJNI, 15);
    ahead("insert", INSERT, CHRONICLE, 3);
    Row update = row(main, UPDATE, LODE);
    String what = "update within raw persist + one dependent load";
    if (update == null) {
      gates.add(Gate.unknown(what, "the sum of both", "not in this run"));
    } else {
      double limit = update.rawPersistNanos() + update.loadNanos();
      gates.add(Gate.atMost(what, median(update), limit, " ns"));
    }
    ahead("update", UPDATE, LMDBJAVA, 8);
    ahead("update", UPDATE, CHRONICLE, 2.2);
  }

  private void economy() {
    for (Workload workload : List.of(INSERT, UPDATE, DELETE, BATCH_64)) {
      Row row = row(main, workload, LODE);
      Costs costs = row == null ? null : row.costs();
      String what = "fences, " + workload.title();
      if (costs == null) {
        gates.add(Gate.unknown(what, "exactly 1 a call", why(workload)));
        continue;
      }
      double fences = costs.fences() * workload.entriesPerCall();
      gates.add(Gate.of(what, "exactly 1 a call", Figures.number(fences), fences == 1));
      lines(workload, costs);
    }
    Row get = row(main, GET, LODE);
    Costs costs = get == null ? null : get.costs();
    gates.add(
        costs == null
            ? Gate.unknown("fences, random get", "0", why(GET))
            : Gate.of(
                "fences, random get", "0", Figures.number(costs.fences()), costs.fences() == 0));
  }

  private void lines(Workload workload, Costs costs) {
    Profile profile = Objects.requireNonNull(main).profile();
    long bytes = profile.keyBytes() + (workload == DELETE ? 0L : profile.valueBytes());
    long limit = (bytes + LINE_BYTES - 1) / LINE_BYTES + 1;
    gates.add(Gate.atMost("lines flushed, " + workload.title(), costs.lines(), (double) limit, ""));
    gates.add(
        Gate.of(
            "lines flushed twice, " + workload.title(),
            "0",
            Figures.number(costs.repeatedLines()),
            costs.repeatedLines() == 0));
  }

  private void batches() {
    timesFaster("batch of 64 / single inserts", INSERT, BATCH_64, 2.5);
    timesFaster("batch of 64 / single random updates", UPDATE, BATCH_UPDATE_64, 3);
  }

  private void reads() {
    ahead("get", GET, LMDBJAVA, 6);
    ahead("get", GET, CHRONICLE, 2);
    Row get = row(main, GET, LODE);
    gates.add(
        get == null
            ? Gate.unknown("heap bytes a get", "0", why(GET))
            : Gate.of(
                "heap bytes a get",
                "0",
                Figures.whole(get.allocatedBytes()),
                get.allocatedBytes() < 0.5));
    timesFaster("multiGet(32) / get", GET, MULTIGET, 3);
  }

  private void tail() {
    Row update = row(main, UPDATE, LODE);
    Latency put = update == null ? null : update.latency();
    Latency raw = update == null ? null : update.rawPersistLatency();
    gates.add(
        put == null || raw == null
            ? Gate.unknown("put p99.9 / its median", "at most 6", why(UPDATE))
            : tail(put, raw));
    gates.add(Gate.unknown("the same while cleaning", "at most 1.5 times that", why(CLEANING)));
  }

  /** What the machine does to single persists is told beside it: no store can do better. */
  private static Gate tail(Latency put, Latency raw) {
    double found = (double) put.p999() / put.p50();
    String machine = Figures.number((double) raw.p999() / raw.p50());
    return Gate.of(
        "put p99.9 / its median",
        "at most 6",
        Figures.number(found) + "; raw persist: " + machine,
        found <= 6);
  }

  private void cleaning() {
    gates.add(Gate.unknown("bytes written per user byte, 80 % full", "at most 2.8", why(CLEANING)));
    gates.add(Gate.unknown("throughput lost to cleaning", "at most 15 %", why(CLEANING)));
  }

  private void recovery() {
    double perSecond = 0;
    double closedNanos = 0;
    if (recovery != null) {
      for (Row row : recovery.rows()) {
        if (row.rival() == LODE && row.nanos() != null) {
          boolean killed = row.what().endsWith("kill");
          perSecond = killed ? row.entriesPerSecond() : perSecond;
          closedNanos = killed ? closedNanos : row.nanos().median();
        }
      }
    }
    String none = "'recovery' is not in this run";
    gates.add(
        perSecond == 0
            ? Gate.unknown("entries recovered a second after a kill", "at least 20 M", none)
            : Gate.atLeast("entries recovered a second after a kill", perSecond / 1e6, 20, " M"));
    boolean isLarge = recovery != null && recovery.profile().entries() >= 10_000_000;
    gates.add(
        closedNanos == 0 || !isLarge
            ? Gate.unknown(
                "10 M entries reopened after a close",
                "at most 300 ms",
                closedNanos == 0
                    ? none
                    : Figures.nanos(closedNanos) + " for fewer entries: use --keys 10000000")
            : Gate.atMost("10 M entries reopened after a close", closedNanos / 1e6, 300, " ms"));
    gates.add(
        Gate.unknown(
            "checksum scrub / memory's copy rate", "at least 0.4", "the store has no scrub yet"));
  }

  private void memory() {
    Optional<StoreFacts> facts = main == null ? Optional.empty() : main.store(LODE);
    gates.add(
        facts.isEmpty() || facts.get().dramBytesPerEntry() == 0
            ? Gate.unknown("DRAM an entry", "at most 16 bytes", "not in this run")
            : Gate.atMost("DRAM an entry", facts.get().dramBytesPerEntry(), 16, " bytes"));
  }

  private void scaling() {
    String what = "two writers / one";
    String aim = "at least 1.9, or 0.95 of what raw persists gain";
    Row one = row(main, INSERT, LODE);
    Row two = row(twoThreads, INSERT, LODE);
    if (one == null || two == null) {
      gates.add(Gate.unknown(what, aim, "'two-threads' is not in this run"));
      return;
    }
    double gain = median(one) / median(two);
    double raw = one.rawPersistNanos() / two.rawPersistNanos();
    gates.add(
        Gate.of(
            what,
            aim,
            Figures.number(gain) + "; raw " + Figures.number(raw),
            gain >= Math.min(1.9, 0.95 * raw)));
  }

  private void ratio(String what, @Nullable Double found, double limit) {
    gates.add(
        found == null
            ? Gate.unknown(what, "at most " + Figures.number(limit), "not in this run")
            : Gate.atMost(what, found, limit, ""));
  }

  /** How many times as fast as a rival. */
  private void ahead(String what, Workload workload, Rival rival, double times) {
    Row lode = row(main, workload, LODE);
    Row other = row(main, workload, rival);
    String title = what + ": times as fast as " + rival.title();
    gates.add(
        lode == null || other == null
            ? Gate.unknown(title, "at least " + Figures.number(times), "not in this run")
            : Gate.atLeast(title, median(other) / median(lode), times, ""));
  }

  /** How many times as fast one workload of Lode is as another. */
  private void timesFaster(String what, Workload slow, Workload fast, double times) {
    Row before = row(main, slow, LODE);
    Row after = row(main, fast, LODE);
    gates.add(
        before == null || after == null
            ? Gate.unknown(what, "at least " + Figures.number(times), why(fast))
            : Gate.atLeast(what, median(before) / median(after), times, ""));
  }

  private String why(Workload workload) {
    if (main == null) {
      return "not in this run";
    }
    return main.rows().stream()
        .filter(row -> row.workload() == workload && row.rival() == LODE)
        .map(Row::problem)
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse("not in this run");
  }

  private static @Nullable Row row(@Nullable Section section, Workload workload, Rival rival) {
    return section == null ? null : section.row(workload, rival).orElse(null);
  }

  private static double median(Row row) {
    Summary nanos = Objects.requireNonNull(row.nanos());
    return nanos.median();
  }
}
