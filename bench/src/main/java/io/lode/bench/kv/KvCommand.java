package io.lode.bench.kv;

import io.lode.bench.kv.load.KvEffort;
import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.report.Outputs;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.PageFaults;
import io.lode.bench.run.Progress;
import io.lode.bench.run.Provenance;
import io.lode.bench.run.RunFolder;
import io.lode.bench.run.ScratchMemory;
import io.lode.pmem.PmemMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lode bench kv}. */
@Command(
    name = "kv",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the store beside its rivals.",
      "",
      "Each store runs in processes of its own, in turn, so that what disturbs the",
      "machine disturbs all. Beside each row: a persist of the same bytes and a",
      "random load, measured with it. The durability of each store is with its",
      "figures: not all of them promise the same.",
      "",
      "Everything takes most of an hour; --quick under two minutes. Interrupted, it",
      "prints what it has."
    },
    footer = {
      "",
      "Workloads: get, get-dependent, get-zipf, multiget, scan, update, insert,",
      "batch-4, -16, -64, -256, batch-update-64, ycsb-a to ycsb-f, delete; and",
      "cleaning (updates at 50 to 90 % full, where the pool's size decides on keys),",
      "small (8 B keys and values), value-sizes (8 B to 64 KiB), two-threads,",
      "ycsb-1000 (10 fields of 100 B), recovery.",
      "",
      "Example:",
      "  lode bench kv --quick --gates",
      "  lode bench kv --rivals all --workload all --json kv.json --html kv.html"
    })
public final class KvCommand implements Callable<Integer> {
  private static final int QUICK_ENTRIES = 200_000;
  private static final int FULL_ENTRIES = 2_000_000;
  private static final long PROBE_BYTES = 16 << 20;
  private static final String FIRST_RIVALS = "lode,lmdbjava,rocksdbjni";
  private static final String CLEANING_RIVALS = "lode,rocksdbjni,mvstore";

  @Option(
      names = "--rivals",
      paramLabel = "NAMES",
      description = {
        "lmdbjava, rocksdbjni, mvstore, chronicle, mapdb,",
        "xodus, sqlite, mashona, or all (default: the",
        "first two; for cleaning the second and third).",
        "Lode is always there."
      })
  @Nullable String rivals;

  @Option(
      names = "--workload",
      paramLabel = "NAMES",
      description = {
        "What is measured, or all (default: all; with --quick",
        "get, update, insert)."
      })
  @Nullable String workload;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Entries in each store (default: 2000000; quick 200000).")
  @Nullable Integer keys;

  @Option(
      names = "--key",
      paramLabel = "BYTES",
      defaultValue = "16",
      description = "Length of keys (default: ${DEFAULT-VALUE}).")
  int key = 16;

  @Option(
      names = "--value",
      paramLabel = "BYTES",
      defaultValue = "200",
      description = "Length of values (default: ${DEFAULT-VALUE}).")
  int value = 200;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that use a store (default: ${DEFAULT-VALUE}).")
  int threads = 1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Processes for each store (default: 3; quick 2).")
  @Nullable Integer rounds;

  @Option(
      names = "--medium",
      paramLabel = "PATH",
      defaultValue = MediumFolder.EMULATED,
      description = {
        "An empty folder on the medium, or 'emulated':",
        "/dev/shm with flush instructions (the default)."
      })
  String medium = MediumFolder.EMULATED;

  @Option(
      names = "--fence-delay",
      paramLabel = "NANOS",
      defaultValue = "0",
      description = "Model a slower medium: add to each of Lode's fences.")
  long fenceDelay;

  @Option(names = "--quick", description = "Few entries, three workloads, two rounds.")
  boolean quick;

  @Option(names = "--gates", description = "Print Lode's targets and whether it reaches them.")
  boolean gates;

  @Mixin Outputs outputs = new Outputs();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public KvCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    outputs.requireWritable();
    List<Rival> chosen = Selection.rivals(rivals == null ? FIRST_RIVALS : rivals);
    BenchException.require(
        fenceDelay >= 0 && (rounds == null || rounds >= 1),
        "--fence-delay may not be negative, --rounds not below 1");
    int entries = keys != null ? keys : quick ? QUICK_ENTRIES : FULL_ENTRIES;
    String asked = workload != null ? workload : quick ? "get,update,insert" : "all";
    List<Profile> profiles =
        Selection.profiles(asked, new Profile(key, value, entries, threads, List.of()));
    MediumFolder folder = MediumFolder.of(medium).requireEmpty();
    KvEffort effort = quick ? KvEffort.QUICK : KvEffort.FULL;
    try (var interruption = new Interruption()) {
      KvReport report =
          measure(
              profiles,
              new KvRun.Request(
                  chosen,
                  rounds == null ? effort : effort.withRounds(rounds),
                  folder,
                  fenceDelay,
                  this::progress,
                  interruption));
      outputs.write(report, KvDocument.of(report), spec.commandLine().getOut());
      return BenchException.FINE;
    }
  }

  private KvReport measure(List<Profile> profiles, KvRun.Request request)
      throws IOException, InterruptedException {
    MediumFolder folder = request.medium();
    folder.force();
    KvRun.Request forCleaning =
        rivals == null ? request.with(Selection.rivals(CLEANING_RIVALS)) : request;
    List<KvRun> runs =
        profiles.stream()
            .map(profile -> new KvRun(profile, profile.isCleaning() ? forCleaning : request))
            .toList();
    folder.requireRoom(
        runs.stream().mapToLong(KvRun::neededBytes).max().orElse(0),
        "ask for fewer --keys or a smaller --value");
    Provenance provenance = Provenance.ofThisMachine();
    List<Section> sections = new ArrayList<>();
    try (RunFolder own = RunFolder.in(folder.path())) {
      String described = described(own.path(), folder);
      for (KvRun run : runs) {
        if (!request.interruption().isAsked()) {
          sections.add(run.run(own));
        }
      }
      return new KvReport(
          "Lode beside its rivals"
              + (folder.emulated() ? ", on emulated persistent memory" : "")
              + (request.interruption().isAsked() ? ", PARTIAL: interrupted" : ""),
          provenance,
          described,
          folder.emulated(),
          fenceDelay,
          request.effort(),
          sections,
          gates ? Gates.of(sections) : List.of());
    }
  }

  private static String described(Path own, MediumFolder folder) {
    try (ScratchMemory probe = ScratchMemory.in(own, PROBE_BYTES)) {
      PmemMap map = probe.map();
      return "%s, %s%s, %s, pages of %s"
          .formatted(
              folder.path(),
              map.granularity(),
              map.isEmulated() ? " (forced: emulated)" : "",
              map.flushPrimitive(),
              Figures.bytes((double) PageFaults.pageBytesOf(probe.file())));
    }
  }

  private void progress(String what) {
    if (Progress.isTerminal()) {
      spec.commandLine().getErr().println(what);
    }
  }
}
