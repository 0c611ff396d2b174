package io.lode.bench.persist;

import io.lode.bench.run.Json;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.OutputFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
      "Lode's persist, and its copy and persist, with 64 B to 1 MiB a call, beside",
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

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there as JSON.")
  @Nullable Path json;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  /** Makes the command. */
  public PersistCommand() {}

  @Override
  public Integer call() throws Exception {
    OutputFile.requireWritable(json);
    PersistReport report =
        new PersistRun(quick ? Effort.QUICK : Effort.FULL, MediumFolder.of(medium)).run();
    spec.commandLine().getOut().print(report.text());
    spec.commandLine().getOut().flush();
    if (json != null) {
      OutputFile.write(json, Json.block(report));
    }
    return 0;
  }
}
