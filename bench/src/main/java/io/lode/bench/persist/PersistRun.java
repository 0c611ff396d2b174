package io.lode.bench.persist;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.Figures;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.Provenance;
import io.lode.bench.run.ScratchMemory;
import io.lode.bench.run.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures each length with each implementation in turn, round by round, each in a new process. */
final class PersistRun {
  private static final long WINDOW_BYTES = 64L << 20;

  /** A JVM's warm-up is longer by that: until all is compiled that will be. */
  private static final int COMPILATION_MILLIS = 800;

  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private final Effort effort;
  private final MediumFolder medium;
  private final Map<Key, List<Double>> nanos = new HashMap<>();
  private final Map<Key, List<Double>> allocated = new HashMap<>();
  private final Map<Implementation, String> missing = new EnumMap<>(Implementation.class);

  private record Key(Call call, int length, Implementation which) {}

  PersistRun(Effort effort, MediumFolder medium) {
    this.effort = effort;
    this.medium = medium;
  }

  PersistReport run() throws IOException, RunnerException {
    medium.force();
    Provenance provenance = Provenance.ofThisMachine();
    try (ScratchMemory memory = ScratchMemory.in(medium.path(), WINDOW_BYTES);
        CProgram c = compile(memory.map().flushPrimitive())) {
      for (int round = 0; round < effort.rounds(); round++) {
        measureRound(memory.file(), c);
      }
      boolean emulated = memory.map().isEmulated();
      return new PersistReport(
          "Persist routines beside C%s: %s of %d measurements"
              .formatted(
                  emulated ? ", on emulated persistent memory" : "",
                  Figures.counted(effort.rounds(), "interleaved round"),
                  effort.iterations()),
          provenance,
          medium.path().toString(),
          memory.map().granularity().toString(),
          emulated,
          memory.map().flushPrimitive(),
          rows(),
          missing);
    }
  }

  private @Nullable CProgram compile(String flushPrimitive) throws IOException {
    try {
      return CProgram.compile(flushPrimitive);
    } catch (BenchException noCompiler) {
      missing.put(Implementation.C, String.valueOf(noCompiler.getMessage()));
      missing.put(Implementation.LIBPMEM, String.valueOf(noCompiler.getMessage()));
      return null;
    }
  }

  private void measureRound(Path file, @Nullable CProgram c) throws IOException, RunnerException {
    for (int length : effort.lengths()) {
      for (Call call : Call.values()) {
        for (Implementation which : Implementation.values()) {
          var key = new Key(call, length, which);
          if (which.isJava()) {
            measureJava(file, key);
          } else if (c != null && !missing.containsKey(which)) {
            measureC(file, key, c);
          }
        }
      }
    }
  }

  private void measureC(Path file, Key key, CProgram c) throws IOException {
    try {
      nanos
          .computeIfAbsent(key, _ -> new ArrayList<>())
          .addAll(c.measure(file, key.which(), key.call(), key.length(), effort));
    } catch (BenchException failure) {
      missing.put(key.which(), String.valueOf(failure.getMessage()));
    }
  }

  private void measureJava(Path file, Key key) throws RunnerException {
    String method = (key.which() == Implementation.LODE ? "lode" : "force") + key.call().method();
    List<String> jvmOptions = new ArrayList<>(medium.jvmOptions());
    jvmOptions.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", // JMH's own
            "-Xmx256m",
            "-D" + PersistBenchmark.FILE + "=" + file));
    var options =
        new OptionsBuilder()
            .include(Pattern.quote(PersistBenchmark.class.getName() + "." + method) + "$")
            .param("length", Integer.toString(key.length()))
            .forks(1)
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds((effort.warmUpMillis() + COMPILATION_MILLIS) / 2))
            .measurementIterations(effort.iterations())
            .measurementTime(TimeValue.milliseconds(effort.millis()))
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .jvmArgs(jvmOptions.toArray(String[]::new))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    for (RunResult result : new Runner(options).run()) {
      result
          .getBenchmarkResults()
          .forEach(fork -> fork.getIterationResults().forEach(iteration -> add(key, iteration)));
    }
  }

  private void add(Key key, IterationResult iteration) {
    nanos.computeIfAbsent(key, _ -> new ArrayList<>()).add(iteration.getPrimaryResult().getScore());
    for (Result<?> secondary : iteration.getSecondaryResults().values()) {
      if (secondary.getLabel().endsWith(ALLOCATION)) {
        allocated.computeIfAbsent(key, _ -> new ArrayList<>()).add(secondary.getScore());
      }
    }
  }

  private List<PersistRow> rows() {
    List<PersistRow> rows = new ArrayList<>();
    for (Call call : Call.values()) {
      for (int length : effort.lengths()) {
        Map<Implementation, Summary> figures = new EnumMap<>(Implementation.class);
        for (Implementation which : Implementation.values()) {
          List<Double> values = nanos.get(new Key(call, length, which));
          if (values != null) {
            figures.put(which, Summary.of(values));
          }
        }
        List<Double> bytes =
            allocated.getOrDefault(new Key(call, length, Implementation.LODE), List.of());
        rows.add(
            new PersistRow(call, length, figures, bytes.isEmpty() ? -1 : Summary.median(bytes)));
      }
    }
    return rows;
  }
}
