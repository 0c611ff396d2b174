package io.lode.bench.persist;

import io.lode.bench.report.Outputs;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.MediumFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lode bench persist}. */
@Command(
    name = "persist",
    mixinStandardHelpOptions = true,
    description = {
      "Measure what making bytes durable costs, beside C.",
      "",
      "Lode's persist, and its copy and persist, with 64 B to 1 MiB per call, beside",
      "the same routines called from C (needs a C compiler), libpmem (Debian's",
      "libpmem1) and the JDK's force. Takes ten minutes."
    },
    footer = {"", "Example:", "  lode bench persist --quick --json persist.json"})
public final class PersistCommand implements Callable<Integer> {
  @Option(
      names = "--medium",
      paramLabel = "PATH",
      defaultValue = MediumFolder.EMULATED,
      description = {
        "A folder on the medium, or 'emulated': /dev/shm with",
        "flush instructions (default: ${DEFAULT-VALUE})."
      })
  String medium = MediumFolder.EMULATED;

  @Option(names = "--quick", description = "Three lengths, one round: a minute.")
  boolean quick;

  @Mixin Outputs outputs = new Outputs();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public PersistCommand() {}

  @Override
  public Integer call() throws Exception {
    outputs.requireWritable();
    PersistReport report =
        new PersistRun(quick ? Effort.QUICK : Effort.FULL, MediumFolder.of(medium)).run();
    outputs.write(report, report.document(), spec.commandLine().getOut());
    return BenchException.FINE;
  }
}
