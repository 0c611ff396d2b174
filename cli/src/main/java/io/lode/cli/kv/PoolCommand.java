package io.lode.cli.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lode.cli.console.Console;
import io.lode.cli.console.Escape;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.UsageException;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.store.StoreException;
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
    try (KvStore store = open()) {
      return run(store).number();
    }
  }

  private KvStore open() {
    KvConfig config = KvConfig.builder().acceptLoss(acceptLoss).requiredId(id).build();
    if (!onlyReads()) {
      return KvStore.open(pool, config);
    }
    try {
      return KvStore.open(pool, config.toBuilder().acceptLoss(false).readOnly(true).build());
    } catch (StoreException.ReadOnly | StoreException.Damaged incomplete) {
      return openToRecover(config, incomplete);
    }
  }

  /**
   * Opens a pool that was not closed or has lost something: opening it for writing puts that right.
   */
  private KvStore openToRecover(KvConfig config, StoreException incomplete) {
    try {
      return KvStore.open(pool, config);
    } catch (StoreException.ReadOnly cannotBeWritten) {
      if (acceptLoss) {
        return KvStore.open(pool, config.toBuilder().readOnly(true).build());
      }
      incomplete.addSuppressed(cannotBeWritten);
      throw incomplete;
    }
  }

  /**
   * Whether the command only reads: then others may read the pool meanwhile, and it is as it was.
   */
  boolean onlyReads() {
    return false;
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

  /** Returns the bytes of what scan has printed. */
  static byte[] unescaped(String text) {
    return Escape.parse(text)
        .orElseThrow(() ->
            new UsageException(
                "'" + text + "': after a backslash must come xHH, t, n, r or a backslash"));
  }
}
