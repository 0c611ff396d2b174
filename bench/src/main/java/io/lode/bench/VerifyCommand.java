package io.lode.bench;

import io.lode.bench.kv.KvReportCheck;
import io.lode.bench.locality.LocalityReportCheck;
import io.lode.bench.persist.PersistReportCheck;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Findings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
    var findings = new Findings();
    if (kv != null) {
      KvReportCheck.check(Files.readString(kv), findings);
    }
    if (html != null) {
      KvReportCheck.checkPage(Files.readString(html), findings);
    }
    if (persist != null) {
      PersistReportCheck.check(Files.readString(persist), findings);
    }
    if (locality != null) {
      LocalityReportCheck.check(Files.readString(locality), findings);
    }
    if (localityHtml != null) {
      LocalityReportCheck.checkPage(Files.readString(localityHtml), findings);
    }
    PrintWriter out = spec.commandLine().getOut();
    findings.lines().forEach(out::println);
    return findings.isFine() ? BenchException.FINE : BenchException.MISMATCH;
  }
}
