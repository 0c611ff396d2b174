package io.lode.bench.kv;

import static io.lode.bench.kv.load.Workload.BATCH_64;
import static io.lode.bench.kv.load.Workload.BATCH_UPDATE_64;
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
import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lode's targets, as ratios inside one run where the machine matters: how far it is from a raw
 * persist, how far ahead of rivals, what it costs the medium and memory, how fast it recovers. They
 * are listed with their reasons in bench/README.md.
 */
final class Gates {
  private static final int MIN_ENTRIES = 2_000_000;
  private static final long LINE_BYTES = 64;
  private static final String ABSENT = "not in this run";

  private final Optional<Section> main;
  private final Optional<Section> twoThreads;
  private final Optional<Section> recovery;
  private final Optional<Section> cleaning;
  private final List<Gate> gates = new ArrayList<>();

  private Gates(List<Section> sections) {
    main = find(sections, 1, false);
    twoThreads = find(sections, 2, false);
    recovery = find(sections, 1, true);
    cleaning = sections.stream().filter(section -> section.profile().isCleaning()).findFirst();
  }

  private static Optional<Section> find(List<Section> sections, int threads, boolean isRecovery) {
    return sections.stream()
        .filter(section -> section.profile().threads() == threads)
        .filter(section -> section.profile().isRecovery() == isRecovery)
        .filter(section -> !section.profile().isCleaning())
        .findFirst();
  }

  static List<Gate> of(List<Section> sections) {
    var judged = new Gates(sections);
    judged.writes();
    judged.economy();
    judged.reads();
    judged.tail();
    judged.cleaning();
    judged.recovery();
    judged.memory();
    judged.scaling();
    return judged.gates;
  }

  /** Tells whether the figures are of as many entries as the targets are meant for. */
  static boolean isLargeEnough(List<Section> sections) {
    return find(sections, 1, false)
        .filter(section -> section.profile().entries() >= MIN_ENTRIES)
        .isPresent();
  }

  private void writes() {
    atMost("insert / raw persist", 1.7, "", lode(INSERT).map(Row::persists), ABSENT);
    ahead("insert", INSERT, LMDBJAVA, 12);
    ahead("insert", INSERT, ROCKSDBJNI, 15);
    ahead("insert", INSERT, CHRONICLE, 3);
    String what = "update within raw persist + one dependent load";
    lode(UPDATE)
        .ifPresentOrElse(
            row ->
                atMost(
                    what,
                    row.rawPersistNanos() + row.loadNanos(),
                    " ns",
                    Optional.of(row.median()),
                    ABSENT),
            () -> gates.add(Gate.unknown(what, "the sum of both", ABSENT)));
    ahead("update", UPDATE, LMDBJAVA, 8);
    ahead("update", UPDATE, CHRONICLE, 2.2);
  }

  private void economy() {
    for (Workload workload : List.of(INSERT, UPDATE, DELETE, BATCH_64)) {
      Optional<Costs> costs = lode(workload).map(Row::costs);
      exactly(
          "fences, " + workload.title(),
          "exactly 1 per call",
          costs.map(cost -> cost.fences() * workload.entriesPerCall()),
          1,
          why(workload));
      if (costs.isPresent() && main.isPresent()) {
        atMost(
            "lines flushed, " + workload.title(),
            mostLines(main.get().profile(), workload),
            "",
            costs.map(Costs::lines),
            ABSENT);
        exactly(
            "lines flushed twice, " + workload.title(),
            "0",
            costs.map(Costs::repeatedLines),
            0,
            ABSENT);
      }
    }
    exactly("fences, random get", "0", lode(GET).map(Row::costs).map(Costs::fences), 0, why(GET));
    timesFaster("batch of 64 / single inserts", INSERT, BATCH_64, 2.5);
    timesFaster("batch of 64 / single random updates", UPDATE, BATCH_UPDATE_64, 3);
  }

  private static double mostLines(Profile profile, Workload workload) {
    long bytes = profile.keyBytes() + (workload == DELETE ? 0L : profile.valueBytes());
    long wholeLines = (bytes + LINE_BYTES - 1) / LINE_BYTES;
    return wholeLines + 1.0;
  }

  private void reads() {
    ahead("get", GET, LMDBJAVA, 6);
    ahead("get", GET, CHRONICLE, 2);
    Optional<Double> bytes = lode(GET).map(row -> (double) Math.round(row.allocatedBytes()));
    exactly("heap bytes per get", "0", bytes, 0, why(GET));
    timesFaster("multiGet(32) / get", GET, MULTIGET, 3);
  }

  /** What the machine does to single persists is told beside it: no store can do better. */
  private void tail() {
    String what = "put p99.9 / its median";
    gates.add(
        lode(UPDATE)
            .filter(row -> row.latency() != null && row.rawPersistLatency() != null)
            .map(row -> {
              double found = tail(row, Row::latency);
              String machine = Figures.number(tail(row, Row::rawPersistLatency));
              String shown = Figures.number(found) + "; raw persist: " + machine;
              return Gate.of(what, "at most 6", shown, found <= 6);
            })
            .orElseGet(() -> Gate.unknown(what, "at most 6", why(UPDATE))));
  }

  private static double tail(Row row, Function<Row, @Nullable Latency> part) {
    Latency latency = Objects.requireNonNull(part.apply(row));
    return (double) latency.p999() / latency.p50();
  }

  private void cleaning() {
    for (String distribution : List.of("uniform", "zipf 0.99")) {
      String of = ", 80 % full, " + distribution;
      Optional<CleaningRow> with = cleaned(distribution, true);
      Optional<CleaningRow> without = cleaned(distribution, false);
      atMost(
          "bytes written per user byte" + of,
          distribution.equals("uniform") ? 2.8 : 2.5,
          "",
          with.map(CleaningRow::bytesPerUserByte),
          ABSENT);
      atMost(
          "throughput lost to cleaning" + of,
          15,
          " %",
          with.flatMap(row ->
              without.map(most -> 100 - 100 * row.updatesPerSecond() / most.updatesPerSecond())),
          ABSENT);
      atMost(
          "p99.9 while cleaning / without" + of,
          1.5,
          "",
          with.flatMap(row -> without.map(most -> (double) row.p999Nanos() / most.p999Nanos())),
          ABSENT);
    }
  }

  private Optional<CleaningRow> cleaned(String distribution, boolean cleans) {
    return cleaning.flatMap(section -> section.cleaning(LODE, 0.8, distribution, cleans));
  }

  private void recovery() {
    String none = "'recovery' is not in this run";
    atLeast(
        "entries recovered per second after a kill",
        20,
        " M",
        reopened("kill").map(row -> row.entriesPerSecond() / 1e6),
        none);
    boolean isLarge = recovery.filter(found -> found.profile().entries() >= 10_000_000).isPresent();
    Optional<Double> nanos = reopened("close").map(Row::median);
    atMost(
        "10 M entries reopened after a close",
        300,
        " ms",
        nanos.filter(_ -> isLarge).map(found -> found / 1e6),
        nanos
            .map(found -> Figures.nanos(found) + " for fewer entries: use --keys 10000000")
            .orElse(none));
    gates.add(
        Gate.unknown(
            "checksum scrub / memory's copy rate", "at least 0.4", "the store has no scrub yet"));
  }

  private Optional<Row> reopened(String after) {
    return recovery.stream()
        .flatMap(section -> section.rows().stream())
        .filter(row -> row.rival() == LODE && row.isMeasured() && row.what().endsWith(after))
        .findFirst();
  }

  private void memory() {
    Optional<Double> bytes =
        main.flatMap(section -> section.store(LODE)).map(StoreFacts::dramBytesPerEntry);
    atMost("DRAM per entry", 16, " bytes", bytes.filter(found -> found > 0), ABSENT);
  }

  private void scaling() {
    String what = "two writers / one";
    String aim = "at least 1.9, or 0.95 of what raw persists gain";
    Optional<Row> one = lode(INSERT);
    Optional<Row> two = twoThreads.flatMap(section -> section.row(INSERT, LODE));
    if (one.isEmpty() || two.isEmpty()) {
      gates.add(Gate.unknown(what, aim, "'two-threads' is not in this run"));
      return;
    }
    ToDoubleFunction<Function<Row, Double>> gain =
        part -> part.apply(one.get()) / part.apply(two.get());
    double own = gain.applyAsDouble(Row::median);
    double raw = gain.applyAsDouble(Row::rawPersistNanos);
    String found = Figures.number(own) + "; raw " + Figures.number(raw);
    gates.add(Gate.of(what, aim, found, own >= Math.min(1.9, 0.95 * raw)));
  }

  private Optional<Row> lode(Workload workload) {
    return main.flatMap(section -> section.row(workload, LODE));
  }

  /** How many times as fast as a rival. */
  private void ahead(String what, Workload workload, Rival rival, double times) {
    Optional<Double> found =
        lode(workload)
            .flatMap(own ->
                main.flatMap(section -> section.row(workload, rival))
                    .map(other -> other.median() / own.median()));
    atLeast(what + ": times as fast as " + rival.title(), times, "", found, ABSENT);
  }

  /** How many times as fast one workload of Lode is as another. */
  private void timesFaster(String what, Workload slow, Workload fast, double times) {
    Optional<Double> found =
        lode(slow).flatMap(before -> lode(fast).map(after -> before.median() / after.median()));
    atLeast(what, times, "", found, why(fast));
  }

  private void atMost(String what, double limit, String unit, Optional<Double> found, String why) {
    add(what, "at most " + Figures.number(limit) + unit, unit, found, value -> value <= limit, why);
  }

  private void atLeast(String what, double limit, String unit, Optional<Double> found, String why) {
    String aim = "at least " + Figures.number(limit) + unit;
    add(what, aim, unit, found, value -> value >= limit, why);
  }

  private void exactly(String what, String aim, Optional<Double> found, double wanted, String why) {
    add(what, aim, "", found, value -> value == wanted, why);
  }

  private void add(
      String what,
      String aim,
      String unit,
      Optional<Double> found,
      Function<Double, Boolean> isReached,
      String why) {
    gates.add(
        found
            .map(value -> Gate.of(what, aim, Figures.number(value) + unit, isReached.apply(value)))
            .orElseGet(() -> Gate.unknown(what, aim, why)));
  }

  private String why(Workload workload) {
    return main.stream()
        .flatMap(section -> section.rows().stream())
        .filter(row -> row.workload() == workload && row.rival() == LODE)
        .map(Row::problem)
        .filter(problem -> !problem.isEmpty())
        .findFirst()
        .orElse(ABSENT);
  }
}
