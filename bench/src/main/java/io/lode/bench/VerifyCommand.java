package io.lode.bench;

import io.lode.bench.kv.KvReportCheck;
import io.lode.bench.locality.LocalityReportCheck;
import io.lode.bench.persist.PersistReport;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Findings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lode bench verify}: for {@code ./check bench}. */
@Command(
    name = "verify",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Check that reports are complete and sane; prints a line for each check.",
    footer = {"", "Example:", "  lode bench verify --kv kv.json"})
final class VerifyCommand implements Callable<Integer> {
  @Option(names = "--kv", paramLabel = "FILE", description = "JSON of lode bench kv.")
  @Nullable Path kv;

  @Option(names = "--html", paramLabel = "FILE", description = "Page of lode bench kv.")
  @Nullable Path html;

  @Option(names = "--persist", paramLabel = "FILE", description = "JSON of lode bench persist.")
  @Nullable Path persist;

  @Option(names = "--locality", paramLabel = "FILE", description = "JSON of lode bench locality.")
  @Nullable Path locality;

  @Option(names = "--locality-html", paramLabel = "FILE", description = "Its page.")
  @Nullable Path localityHtml;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<Findings> all = new ArrayList<>();
    check(kv, KvReportCheck::check, all);
    check(html, KvReportCheck::checkPage, all);
    check(persist, PersistReport::check, all);
    check(locality, LocalityReportCheck::check, all);
    check(localityHtml, LocalityReportCheck::checkPage, all);
    PrintWriter out = spec.commandLine().getOut();
    all.forEach(findings -> findings.lines().forEach(out::println));
    boolean isFine = !all.isEmpty() && all.stream().allMatch(Findings::isFine);
    return isFine ? BenchException.FINE : BenchException.MISMATCH;
  }

  private static void check(
      @Nullable Path file, Function<String, Findings> checks, List<Findings> to)
      throws IOException {
    if (file != null) {
      to.add(checks.apply(Files.readString(file)));
    }
  }
}
