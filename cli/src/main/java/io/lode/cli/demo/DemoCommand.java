package io.lode.cli.demo;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Json;
import io.lode.cli.console.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lode demo}. */
@Command(
    name = "demo",
    description = {
      "Load real input, kill the process, and check what is left.",
      "",
      "Puts every file of the running JDK into a pool, reads all back and",
      "compares; then loads again in a process that is killed half-way, reopens",
      "the pool and compares what was acknowledged. Exits with 1 if any of that",
      "is lost or damaged."
    },
    footer = {"", "Example:", "  lode demo --pool /mnt/pmem/demo.pool --json"})
public final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--pool",
      paramLabel = "PATH",
      description = {
        "A file to create, and remove at the end, or a",
        "devdax device (default: a file in a fresh folder)."
      })
  @Nullable Path pool;

  @Option(names = "--overwrite", description = "Destroy an existing pool.")
  boolean overwrite;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "Use only the first COUNT files (default: all).")
  int limit = Integer.MAX_VALUE;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  /**
   * Creates the command.
   *
   * @param console the console for its output
   */
  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (limit < 1) {
      throw new UsageException("--limit " + limit + ": give 1 or more");
    }
    for (Path folder : DemoPool.leftBehind()) {
      console.error(folder + " was left by a demo that was killed; it can be removed");
    }
    try (DemoPool where = pool == null ? DemoPool.inFreshFolder() : DemoPool.at(pool, overwrite)) {
      return run(where).number();
    }
  }

  private ExitCode run(DemoPool where) throws IOException, InterruptedException {
    var demo = new Demo(console, where, JdkImage.first(limit), !json);
    demo.load();
    LoadingProcess.Outcome outcome = demo.loadAndKill();
    if (!outcome.killed()) {
      console.error("the loading process ended on its own with exit code " + outcome.exitCode());
      return ExitCode.SYSTEM;
    }
    DemoResult result = demo.reopen(outcome);
    if (json) {
      console.line(new Json().block(result));
    }
    return result.code();
  }
}
