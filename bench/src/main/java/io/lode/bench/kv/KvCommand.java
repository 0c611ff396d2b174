package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Figures;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.Json;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.OutputFile;
import io.lode.bench.run.Progress;
import io.lode.bench.run.Provenance;
import io.lode.bench.run.ScratchMemory;
import io.lode.pmem.PmemMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
      "batch-4, -16, -64, -256, batch-update-64, ycsb-a to ycsb-f, cleaning, delete;",
      "and small (8 B keys and values), value-sizes (8 B to 64 KiB), two-threads,",
      "ycsb-1000 (10 fields of 100 B), recovery.",
      "",
      "Example:",
      "  lode bench kv --quick --gates",
      "  lode bench kv --rivals all --workload all --json kv.json --html kv.html"
    })
public final class KvCommand implements Callable<Integer> {
  private static final int QUICK_ENTRIES = 200_000;
  private static final int FULL_ENTRIES = 2_000_000;
  private static final long PROBE_BYTES = 1 << 20;
  private static final String FIRST_RIVALS = "lode,lmdbjava,rocksdbjni";

  @Option(
      names = "--rivals",
      paramLabel = "NAMES",
      description = {
        "lmdbjava, rocksdbjni, mvstore, chronicle, mapdb,",
        "xodus, sqlite, mashona, or all (default: the",
        "first two). Lode is always there."
      })
  String rivals = FIRST_RIVALS;

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

  @Option(names = "--gates", description = "Print what Lode is to reach, and whether it does.")
  boolean gates;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  @Nullable Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page to look at.")
  @Nullable Path html;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write a page for documents.")
  @Nullable Path markdown;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public KvCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    OutputFile.requireWritable(json);
    OutputFile.requireWritable(html);
    OutputFile.requireWritable(markdown);
    List<Rival> chosen = Selection.rivals(rivals);
    if (fenceDelay < 0 || (rounds != null && rounds < 1)) {
      throw new BenchException(
          BenchException.USAGE, "--fence-delay may not be negative, --rounds not below 1");
    }
    int entries = keys != null ? keys : quick ? QUICK_ENTRIES : FULL_ENTRIES;
    String asked = workload != null ? workload : quick ? "get,update,insert" : "all";
    List<Profile> profiles =
        Selection.profiles(asked, new Profile(key, value, entries, threads, List.of()));
    MediumFolder folder = MediumFolder.of(medium).requireEmpty();
    KvEffort effort = quick ? KvEffort.QUICK : KvEffort.FULL;
    try (var interruption = new Interruption()) {
      KvEffort asMuch = rounds == null ? effort : effort.withRounds(rounds);
      print(measure(chosen, profiles, asMuch, folder, interruption));
      return BenchException.FINE;
    }
  }

  private KvReport measure(
      List<Rival> chosen,
      List<Profile> profiles,
      KvEffort effort,
      MediumFolder folder,
      Interruption interruption)
      throws IOException, InterruptedException {
    folder.force();
    List<KvRun> runs = new ArrayList<>();
    for (Profile profile : profiles) {
      runs.add(
          new KvRun(profile, chosen, effort, folder, fenceDelay, this::progress, interruption));
    }
    folder.requireRoom(
        runs.stream().mapToLong(KvRun::neededBytes).max().orElse(0),
        "ask for fewer --keys or a smaller --value");
    Provenance provenance = Provenance.ofThisMachine();
    List<Section> sections = new ArrayList<>();
    try (RunFolder own = RunFolder.in(folder.path())) {
      String described = described(own.path(), folder);
      for (KvRun run : runs) {
        if (!interruption.isAsked()) {
          sections.add(run.run(own));
        }
      }
      KvReport report =
          new KvReport(
              "Lode beside its rivals"
                  + (folder.emulated() ? ", on emulated persistent memory" : "")
                  + (interruption.isAsked() ? ", PARTIAL: interrupted" : ""),
              provenance,
              described,
              folder.emulated(),
              fenceDelay,
              effort,
              sections,
              List.of());
      return gates ? report.with(Gates.of(sections)) : report;
    }
  }

  private static String described(Path own, MediumFolder folder) {
    try (ScratchMemory probe = ScratchMemory.in(own, PROBE_BYTES)) {
      PmemMap map = probe.map();
      return folder.path()
          + ", "
          + map.granularity()
          + (map.isEmulated() ? " (forced: emulated), " : ", ")
          + map.flushPrimitive()
          + ", pages of "
          + Figures.bytes(4096);
    }
  }

  private void progress(String what) {
    if (Progress.isTerminal()) {
      spec.commandLine().getErr().println(what);
    }
  }

  private void print(KvReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(KvText.of(report));
    out.flush();
    if (json != null) {
      OutputFile.write(json, Json.block(report));
    }
    if (html != null) {
      OutputFile.write(html, KvPage.of(report));
    }
    if (markdown != null) {
      OutputFile.write(markdown, KvMarkdown.of(report));
    }
  }
}
