package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Facts;
import io.lode.cli.console.Json;
import io.lode.kv.CheckReport;
import io.lode.kv.KvStore;
import io.lode.store.Damage;
import io.lode.store.DeviceChange;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lode kv check}. */
@Command(
    name = "check",
    description = {
      "Read and verify every record of a pool.",
      "",
      "Nothing is written. Exits with 1 if anything is damaged."
    },
    footer = {"", "Example:", "  lode kv check notes.pool"})
final class CheckCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's file or device.")
  Path pool = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  CheckCommand(Console console) {
    this.console = console;
  }

  /** The report with its pool, and the verdict for scripts. */
  private record Result(
      String pool,
      UUID id,
      boolean sound,
      boolean clean,
      long entries,
      long records,
      List<Damage> damages,
      List<Long> tornTails,
      List<DeviceChange> deviceChanges) {}

  @Override
  public Integer call() {
    CheckReport report = KvStore.check(pool);
    if (json) {
      console.line(new Json().block(result(report)));
    } else {
      print(report);
    }
    return (report.isSound() ? ExitCode.FINE : ExitCode.MISMATCH).number();
  }

  private Result result(CheckReport report) {
    return new Result(
        pool.toString(),
        report.id(),
        report.isSound(),
        report.clean(),
        report.entries(),
        report.records(),
        report.damages(),
        report.tornTails(),
        report.deviceChanges());
  }

  private void print(CheckReport report) {
    var facts =
        new Facts()
            .add("pool", report.id())
            .add("result", report.isSound() ? "sound" : "damaged: " + report.damages().size())
            .add("closed", report.clean() ? "yes" : "no: it was open when its process ended")
            .add("entries", report.entries())
            .add("records", report.records() + " read and verified");
    report
        .tornTails()
        .forEach(offset -> facts.add("torn tail", "at offset " + offset + ", not acknowledged"));
    report.deviceChanges().forEach(change -> facts.add("device", change.description()));
    report.damages().forEach(damage -> facts.add("damage", DamageText.of(damage)));
    facts.print(console, pool.toString());
  }
}
