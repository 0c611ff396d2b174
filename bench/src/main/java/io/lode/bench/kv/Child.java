package io.lode.bench.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lode.bench.kv.load.Counted;
import io.lode.bench.kv.load.Measurement;
import io.lode.bench.kv.load.MeasuringProcess;
import io.lode.bench.kv.load.Opened;
import io.lode.bench.kv.load.Plan;
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
final class Child implements AutoCloseable {
  private static final int REASON_CHARS = 240;
  private static final long POLL_MILLIS = 10;
  private static final String MAX_HEAP = "-Xmx4g";

  private final Process process;
  private final Path output;
  private final Path errors;
  private final Interruption interruption;
  private String problem = "";

  private Child(Process process, Path output, Path errors, Interruption interruption) {
    this.process = process;
    this.output = output;
    this.errors = errors;
    this.interruption = interruption;
  }

  static Child start(Plan plan, MediumFolder medium, Path logs, Interruption interruption)
      throws IOException {
    Path output = Files.createTempFile(logs, plan.rival().id(), ".out");
    Path errors = Files.createTempFile(logs, plan.rival().id(), ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:-UsePerfData");
    command.add(MAX_HEAP);
    command.addAll(medium.jvmOptions());
    command.addAll(plan.rival().jvmOptions());
    command.add("-Djava.io.tmpdir=" + logs);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MeasuringProcess.class.getName());
    command.add(Json.line(plan));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new Child(process, output, errors, interruption);
  }

  /** Waits for its end; one that takes too long is killed, and so is any on interruption. */
  void await(int limitSeconds) throws InterruptedException, IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (isOver(end, limitSeconds)) {
        return;
      }
    }
    if (process.exitValue() != 0) {
      problem = reason();
    }
  }

  /** Kills it when its time is over. */
  private boolean isOver(long end, int limitSeconds) {
    boolean isLate = System.nanoTime() - end > 0;
    if (isLate || interruption.isAsked()) {
      kill();
      problem = isLate ? "took longer than " + limitSeconds + " s" : "interrupted";
      return true;
    }
    return false;
  }

  /** Waits until it has told of its store. */
  void awaitOpened(int limitSeconds) throws InterruptedException, IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
    while (opened() == null) {
      if (!process.isAlive()) {
        problem = reason();
        return;
      }
      if (isOver(end, limitSeconds)) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Ends it as the kernel would: SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Whether it ended early because all of this is to end: then it proves nothing. */
  boolean isInterrupted() throws InterruptedException {
    return !problem.isEmpty() && interruption.isAskedSoon();
  }

  /** Says what went wrong, empty if nothing did. */
  String problem() {
    return problem;
  }

  @Nullable Opened opened() throws IOException {
    List<String> lines = lines();
    return lines.isEmpty() ? null : Json.read(lines.getFirst(), Opened.class);
  }

  List<Measurement> measurements() throws IOException {
    return lines().stream().skip(1).map(line -> Json.read(line, Measurement.class)).toList();
  }

  List<Counted> counts() throws IOException {
    return lines().stream().map(line -> Json.read(line, Counted.class)).toList();
  }

  /** The whole lines that are meant for us. */
  private List<String> lines() throws IOException {
    String text = Files.readString(output, ISO_8859_1);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith(MeasuringProcess.MARK))
        .map(line -> line.substring(MeasuringProcess.MARK.length()))
        .toList();
  }

  /** The first line of its errors that tells of an exception, or the last one. */
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
