package io.lode.kv;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Cuts pools short and punches holes into them under each operation of another JVM, interpreted and
 * compiled: no JVM dies of a signal, and no answer is wrong. On a file's ordinary map that is a
 * promise; on emulated persistent memory, where stores are native code, deaths are only counted.
 */
final class DisturbSweep {
  private static final List<String> OPERATIONS =
      List.of("put", "delete", "get", "entries", "check", "open", "create");
  private static final int DISTURBANCES = 4;

  /** One run of a JVM. */
  private record Run(String operation, boolean truncates, boolean interpreted, boolean emulated) {}

  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong emulatedRuns = new AtomicLong();
  private final AtomicLong emulatedDeaths = new AtomicLong();

  List<String> wrong() {
    return wrong;
  }

  /** How many JVMs worked on emulated persistent memory, and how many of them died of a signal. */
  String onEmulated() {
    return emulatedDeaths.get() + " of " + emulatedRuns.get();
  }

  /** Runs; returns how many JVMs. */
  long run(long deadlineNanos, long seed) throws IOException {
    return Parallel.count(all(seed), deadlineNanos, this::disturb);
  }

  /** Runs so many, however long it takes; returns how many. */
  long runFirst(int count, long seed) throws IOException {
    return Parallel.count(all(seed).subList(0, count), this::disturb);
  }

  private static List<Run> all(long seed) {
    List<Run> runs = new ArrayList<>();
    for (String operation : OPERATIONS) {
      for (int kind = 0; kind < 8; kind++) {
        runs.add(new Run(operation, (kind & 1) == 0, (kind & 2) == 0, (kind & 4) != 0));
      }
    }
    Collections.shuffle(runs, new Random(seed));
    return runs;
  }

  private void disturb(Run run) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("/dev/shm"), "lode-disturb");
    Path pool = folder.resolve("pool");
    List<String> lines = new ArrayList<>();
    try (Child child =
        Child.start(
            DisturbedProgram.class,
            run.interpreted() ? List.of("-Xint") : List.of(),
            run.emulated() ? Map.of("PMEM2_FORCE_GRANULARITY", "CACHE_LINE") : Map.of(),
            pool.toString(),
            run.operation(),
            "" + (run.interpreted() ? 5 : warmUp(run.operation())))) {
      child.await("ready", lines);
      for (int i = 0; i < DISTURBANCES; i++) {
        disturb(pool, run.truncates());
        // Until what ran at that moment is over, and something that began after it runs.
        child.tell(DisturbedProgram.ASKED);
        child.await(DisturbedProgram.ANSWER, lines);
      }
      child.stop();
      judge(run, child.await(lines), lines);
    } finally {
      Files.deleteIfExists(pool);
      Files.delete(folder);
    }
  }

  /** How often an operation runs until it is compiled; the long ones loop inside. */
  private static int warmUp(String operation) {
    return switch (operation) {
      case "get" -> 30_000;
      case "put", "delete" -> 6000;
      case "entries" -> 200;
      default -> 60;
    };
  }

  private void judge(Run run, int status, List<String> lines) {
    if (run.emulated()) {
      emulatedRuns.incrementAndGet();
      if (status > 128 || lines.stream().anyMatch(line -> line.contains("fatal error has been"))) {
        emulatedDeaths.incrementAndGet();
        return;
      }
    }
    if (status != 0) {
      wrong.add(run + " ends with " + status + ": " + lines);
    }
  }

  private static void disturb(Path pool, boolean truncates) throws IOException {
    var random = ThreadLocalRandom.current();
    try (FileChannel file = FileChannel.open(pool, StandardOpenOption.WRITE)) {
      long size = Math.max(1, file.size());
      if (truncates) {
        file.truncate(random.nextLong(size) & -4096);
      } else {
        punch(pool, random.nextLong(size) & -4096, 4096L << random.nextInt(8));
      }
    } catch (java.nio.file.NoSuchFileException _) {
      // It is being made anew at this moment.
    }
  }

  private static void punch(Path pool, long offset, long length) throws IOException {
    try {
      new ProcessBuilder("fallocate", "-p", "-o", "" + offset, "-l", "" + length, pool.toString())
          .redirectErrorStream(true)
          .start()
          .waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }
}
