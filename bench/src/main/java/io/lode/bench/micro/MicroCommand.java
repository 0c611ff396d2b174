package io.lode.bench.micro;

import io.lode.bench.run.BenchException;
import io.lode.journal.GroupEncodingBenchmark;
import io.lode.kv.HashIndexBenchmark;
import io.lode.pool.ChecksumBenchmark;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lode bench micro}. */
@Command(
    name = "micro",
    mixinStandardHelpOptions = true,
    description = {
      "Measure what the engine is made of, with JMH.",
      "",
      "GroupEncoding: staging and checksumming a record. Checksum: verifying one.",
      "HashIndex: finding a key. HandOff: asking another thread to write.",
      "NodeCalls: reading a memory policy and pinning, beside the bare calls."
    },
    footer = {"", "Example:", "  lode bench micro HashIndex --quick"})
public final class MicroCommand implements Callable<Integer> {
  private static final List<Class<?>> BENCHMARKS =
      List.of(
          GroupEncodingBenchmark.class,
          ChecksumBenchmark.class,
          HashIndexBenchmark.class,
          HandOffBenchmark.class,
          NodeCallsBenchmark.class);

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Part of a class or method; all without it.")
  String name = "";

  @Option(names = "--quick", description = "One process and little time for each.")
  boolean quick;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public MicroCommand() {}

  @Override
  public Integer call() throws RunnerException {
    ChainedOptionsBuilder options = options();
    PrintWriter out = spec.commandLine().getOut();
    out.println("measuring, one benchmark after the other; JMH's table follows");
    out.flush();
    var results = new Runner(options.build()).run();
    print(List.copyOf(results));
    return BenchException.FINE;
  }

  private ChainedOptionsBuilder options() {
    var options =
        new OptionsBuilder()
            .forks(quick ? 1 : 3)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(quick ? 100 : 1000))
            .measurementIterations(5)
            .measurementTime(TimeValue.milliseconds(quick ? 100 : 1000))
            .jvmArgs("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    Pattern part = pattern();
    boolean isAny = false;
    for (Class<?> benchmark : BENCHMARKS) {
      for (var method : benchmark.getMethods()) {
        String full = benchmark.getName() + "." + method.getName();
        if (method.getDeclaringClass() == benchmark && part.matcher(full).find()) {
          options.include("^" + Pattern.quote(full) + "$");
          isAny |= method.isAnnotationPresent(Benchmark.class);
        }
      }
    }
    if (!isAny) {
      throw new BenchException(BenchException.USAGE, "no benchmark is called '" + name + "'");
    }
    return options;
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(name);
    } catch (PatternSyntaxException wrong) {
      throw new BenchException(BenchException.USAGE, "'" + name + "': " + wrong.getDescription());
    }
  }

  private void print(List<RunResult> results) {
    ResultFormatFactory.getInstance(ResultFormatType.TEXT, System.out).writeOut(results);
  }
}
