package io.lode.cli.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The process that {@code lode demo} kills. It never ends on its own, so the kill cannot come too
 * late.
 */
@Command(name = DemoLoadCommand.NAME, hidden = true, description = "A part of lode demo.")
public final class DemoLoadCommand implements Callable<Integer> {
  static final String NAME = "demo-load";

  private final Console console;

  @Parameters(index = "0", paramLabel = "POOL", description = "An empty pool.")
  Path pool = Path.of("");

  @Parameters(index = "1", paramLabel = "COUNT", description = "How many files to put.")
  int count;

  /**
   * Creates the command.
   *
   * @param console the console on which it acknowledges each put
   */
  public DemoLoadCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    JdkImage image = JdkImage.first(count);
    try (KvStore store = KvStore.open(pool, KvConfig.defaults())) {
      Thread parent = Thread.ofPlatform().daemon().start(this::endWithParent);
      new ImageLoad(image)
          .run(
              store,
              put -> {
                console.write((put + "\n").getBytes(US_ASCII));
                console.flush();
                return !console.isClosed();
              });
      parent.join();
    }
    return 0;
  }

  /** Ends this process when the one that started it has ended, in whatever way. */
  private void endWithParent() {
    try {
      console.in().transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // It cannot be told any more, which is as good as the end.
      Runtime.getRuntime().halt(ExitCode.SYSTEM.number());
    }
    Runtime.getRuntime().halt(ExitCode.FINE.number());
  }
}
