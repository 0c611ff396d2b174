package io.lode.cli.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that opens a pool, does something with it, and closes it. */
abstract class PoolCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's file or device.")
  Path pool = Path.of("");

  @Option(
      names = "--accept-loss",
      description = {
        "Open a pool with lost parts; keys whose newest value",
        "was lost show an older one or none."
      })
  boolean acceptLoss;

  @Option(
      names = "--id",
      paramLabel = "UUID",
      description = "Refuse any pool but this one; stat prints the id.")
  @Nullable UUID id;

  PoolCommand(Console console) {
    this.console = console;
  }

  @Override
  public final Integer call() throws IOException {
    checkArguments();
    try (KvStore store = KvStore.open(pool, config())) {
      return run(store).number();
    }
  }

  private KvConfig config() {
    return KvConfig.builder().acceptLoss(acceptLoss).requiredId(id).build();
  }

  /** Refuses invalid arguments before the pool is opened. */
  void checkArguments() throws IOException {}

  /** Runs the command on the open pool. */
  abstract ExitCode run(KvStore store) throws IOException;

  final Console console() {
    return console;
  }

  static byte[] bytes(String key) {
    return key.getBytes(UTF_8);
  }
}
