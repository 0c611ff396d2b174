package io.lode.bench.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lode.bench.kv.load.OpenReport;
import io.lode.bench.kv.load.Plan;
import io.lode.bench.kv.load.StoreMain;
import io.lode.bench.run.Interruption;
import io.lode.bench.run.Json;
import io.lode.bench.run.MediumFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of one store: started, waited for with a limit, its lines read. */
final class StoreProcess implements AutoCloseable {
  private static final int REASON_CHARS = 240;
  private static final long POLL_MILLIS = 10;

  private final Process process;
  private final Path output;
  private final Path errors;
  private final Interruption interruption;
  private final int limitSeconds;
  private String problem = "";

  private StoreProcess(
      Process process, Path output, Path errors, Interruption interruption, int limitSeconds) {
    this.process = process;
    this.output = output;
    this.errors = errors;
    this.interruption = interruption;
    this.limitSeconds = limitSeconds;
  }

  static StoreProcess start(Plan plan, MediumFolder medium, Path logs, Interruption interruption)
      throws IOException {
    Path output = Files.createTempFile(logs, plan.rival().id(), ".out");
    Path errors = Files.createTempFile(logs, plan.rival().id(), ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData", "-Xmx4g"));
    command.addAll(medium.jvmOptions());
    command.addAll(plan.rival().jvmOptions());
    command.addAll(List.of("-Djava.io.tmpdir=" + logs, "-Duser.home=" + logs));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StoreMain.class.getName(), Json.line(plan)));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new StoreProcess(process, output, errors, interruption, plan.effort().limitSeconds());
  }

  /** Waits for its end; one that takes too long is killed, and so is any on interruption. */
  void await() throws InterruptedException, IOException {
    long end = deadline();
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (isOver(end)) {
        return;
      }
    }
    if (process.exitValue() != 0) {
      problem = reason();
    }
  }

  /** Waits until it has told of its store. */
  void awaitOpened() throws InterruptedException, IOException {
    long end = deadline();
    while (opened() == null) {
      if (!process.isAlive()) {
        problem = reason();
        return;
      }
      if (isOver(end)) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private long deadline() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
  }

  /** Kills it when its time is over. */
  private boolean isOver(long end) {
    boolean isLate = System.nanoTime() - end > 0;
    if (isLate || interruption.isAsked()) {
      kill();
      problem = isLate ? "took longer than " + limitSeconds + " s" : "interrupted";
      return true;
    }
    return false;
  }

  /** Ends it as the kernel would: SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Whether it ended early because the whole run is to end: then it proves nothing. */
  boolean isInterrupted() throws InterruptedException {
    return !problem.isEmpty() && interruption.isAskedSoon();
  }

  /** Says what went wrong, empty if nothing did. */
  String problem() {
    return problem;
  }

  @Nullable OpenReport opened() throws IOException {
    List<String> lines = lines();
    return lines.isEmpty() ? null : Json.read(lines.getFirst(), OpenReport.class);
  }

  /** Returns its results so far, without the first of them if that tells of the store. */
  <T> List<T> results(Class<T> type, boolean isBehindOpened) throws IOException {
    return lines().stream()
        .skip(isBehindOpened ? 1 : 0)
        .map(line -> Json.read(line, type))
        .toList();
  }

  /** Returns the whole lines that are meant for this process. */
  private List<String> lines() throws IOException {
    String text = Files.readString(output, ISO_8859_1);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith(StoreMain.MARK))
        .map(line -> line.substring(StoreMain.MARK.length()))
        .toList();
  }

  /** Quotes the first line of its errors that tells of an exception, or the last one. */
  private String reason() throws IOException {
    List<String> lines = Files.readAllLines(errors, ISO_8859_1);
    String told =
        lines.stream()
            .filter(line -> line.contains("Exception") || line.contains("Error"))
            .filter(line -> !line.startsWith("WARNING"))
            .findFirst()
            .orElse(lines.isEmpty() ? "" : lines.getLast());
    String cut = told.length() > REASON_CHARS ? told.substring(0, REASON_CHARS) + "..." : told;
    return "failed, exit status " + process.exitValue() + (cut.isEmpty() ? "" : ": " + cut);
  }

  @Override
  public void close() throws IOException {
    kill();
    Files.deleteIfExists(output);
    Files.deleteIfExists(errors);
  }
}
