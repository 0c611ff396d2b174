package io.lode.bench.locality;

import io.lode.bench.report.Outputs;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lode bench locality}. */
@Command(
    name = "locality",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the latency and bandwidth of each memory from each node.",
      "",
      "Every source and the memory of every node, from the CPUs of every node:",
      "latency, bandwidth, what it costs to make bytes durable in each way, the",
      "first touch, latency under load, and the key-value store itself. A source is",
      "a folder (a new file there, on an fsdax or an ordinary file system, deleted",
      "afterwards), a file or devdax device that holds nothing but zeros, or",
      "'emulated': a file in /dev/shm with flush instructions. Without any, memory",
      "and 'emulated' are measured.",
      "",
      "Some minutes for each source and node; --quick a sixth of that. Ctrl-C ends",
      "a run and writes what there is. docs/locality.md says what each figure means."
    },
    footer = {
      "",
      "Example:",
      "  lode bench locality emulated /var/tmp --quick --html locality.html",
      "  lode bench locality /mnt/pmem0 /dev/dax1.0 --json before.json"
    })
public final class LocalityCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 1000;
  private static final int MAX_MILLIS = 60_000;
  private static final long UNIT_BYTES = 2 << 20;
  private static final long MIB = 1 << 20;

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..*",
      description = "Folders, files, devices or 'emulated'.")
  List<String> sources = new ArrayList<>();

  @Option(names = "--quick", description = "Fewer sizes and threads, shorter, three rounds.")
  boolean quick;

  @Option(
      names = "--measure",
      paramLabel = "NAMES",
      split = ",",
      description = "Only these, by the names that --csv has.")
  List<String> measures = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Default: 5; quick 3.")
  int rounds;

  @Option(
      names = "--millis",
      paramLabel = "N",
      description = "How long a figure is measured (default: 100; quick 30).")
  int millis;

  @Option(
      names = "--area",
      paramLabel = "MIB",
      description = {
        "Memory of each kind of access; a source takes three",
        "times that (default: four times the largest cache,",
        "128 MiB at least)."
      })
  int area;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      split = ",",
      description = "Sizes of an access, multiples of 64 to 1048576.")
  List<Integer> sizes = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Numbers of threads, as far as a node has CPUs.")
  List<Integer> threads = List.of();

  @Option(names = "--force", description = "Overwrite what a file or device holds.")
  boolean force;

  @Option(names = "--oracle", description = "Measure memory with a C program beside.")
  boolean oracle;

  @Option(names = "--details", description = "Print every figure, not only the matrices.")
  boolean details;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all figures as CSV.")
  @Nullable Path csv;

  @Mixin Outputs outputs = new Outputs();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public LocalityCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    outputs.requireWritable();
    Outputs.requireWritable(csv);
    Machine machine = Machine.ofThis();
    var request =
        new LocalityRun.Request(
            sources.isEmpty() ? List.of("emulated") : sources,
            chosenMeasures(),
            effort(machine),
            force,
            oracle);
    try (var interruption = new Interruption()) {
      LocalityReport report = new LocalityRun(request, machine, interruption).run(this::progress);
      if (csv != null) {
        Files.writeString(csv, LocalityCsv.of(report));
      }
      outputs.write(report, LocalityDocument.of(report, details), spec.commandLine().getOut());
      return BenchException.FINE;
    }
  }

  private Progress progress(long steps) {
    return new Progress(spec.commandLine().getErr(), Progress.isTerminal(), steps);
  }

  private Effort effort(Machine machine) {
    Effort base = quick ? Effort.quick(machine.cacheBytes()) : Effort.full(machine.cacheBytes());
    BenchException.require(rounds >= 0 && rounds <= MAX_ROUNDS, "--rounds: 1 to " + MAX_ROUNDS);
    BenchException.require(millis >= 0 && millis <= MAX_MILLIS, "--millis: 1 to " + MAX_MILLIS);
    BenchException.require(
        area >= 0 && area % 2 == 0 && area <= 4096, "--area: an even number to 4096 MiB");
    BenchException.require(threads.stream().allMatch(count -> count > 0), "--threads: at least 1");
    BenchException.require(
        sizes.stream().allMatch(size -> size > 0 && size % 64 == 0 && size <= MIB),
        "--size: multiples of 64 to 1048576");
    long areaBytes = area == 0 ? base.areaBytes() : area * MIB;
    return new Effort(
        rounds == 0 ? base.rounds() : rounds,
        millis == 0 ? base.warmUpMillis() : Math.max(1, millis / 3),
        millis == 0 ? base.millis() : millis,
        Math.max(UNIT_BYTES, areaBytes),
        Math.min(base.touchBytes(), areaBytes),
        sizes.isEmpty() ? base.sizes() : sizes.stream().sorted().distinct().toList(),
        threads.isEmpty() ? base.threads() : threads.stream().sorted().distinct().toList(),
        base.pausesNanos());
  }

  private List<Measure> chosenMeasures() {
    if (measures.isEmpty()) {
      return List.of(Measure.values());
    }
    List<String> known = Arrays.stream(Measure.values()).map(Measure::id).toList();
    for (String name : measures) {
      BenchException.require(
          known.contains(name.toLowerCase(Locale.ROOT)),
          "--measure " + name + ": " + String.join(", ", known));
    }
    return Arrays.stream(Measure.values())
        .filter(measure -> measures.stream().anyMatch(measure.id()::equalsIgnoreCase))
        .toList();
  }
}
