package io.lode.pmem;

import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same sources, configs and maps on Debian's libpmem2 and on Lode, each in a process of its
 * own. Take the seed and the number of cases as {@code -Dlode.seed} and {@code -Dlode.cases}.
 */
class Libpmem2DifferentialTest {
  private static final long SEED = Long.getLong("lode.seed", 20261120L);
  private static final int CASES = Integer.getInteger("lode.cases", 500);
  private static final int PAGE = 4096;

  @TempDir Path folder;
  final List<String> sources = new ArrayList<>();
  private Path tmpfs = Path.of("");

  @BeforeEach
  void makeSources() throws Exception {
    tmpfs = Files.createTempDirectory(Path.of("/dev/shm"), "lode-test");
    for (int bytes : new int[] {0, 1, PAGE, 5000, 16 * PAGE, (4 << 20) + 12}) {
      for (String mode : List.of("rw", "ro")) {
        sources.add("fd:" + mode + ":" + fileOf(folder, mode + bytes, bytes));
        sources.add("fd:" + mode + ":" + fileOf(tmpfs, mode + bytes, bytes));
      }
      sources.add("anon:" + bytes);
    }
    sources.add("anon:" + (3L << 30));
    sources.add("anon:" + (1L << 60));
    Path fifo = folder.resolve("fifo");
    run("mkfifo", fifo.toString());
    for (String name : List.of("wo", "path", "closed")) {
      sources.add("fd:" + name + ":" + fileOf(folder, name, 3 * PAGE));
    }
    sources.addAll(
        List.of(
            "fd:ro:" + folder,
            "fd:ro:" + fifo,
            "fd:rw:/dev/null",
            "fd:ro:/dev/loop0",
            "fd:wo:/dev/null",
            "fd:path:" + folder,
            "fd:path:" + fifo,
            "fd:path:/dev/loop0",
            "fd:number:-1",
            "fd:number:" + Integer.MIN_VALUE,
            "fd:number:1000000"));
  }

  @AfterEach
  void removeSources() throws IOException {
    try (Stream<Path> files = Files.list(tmpfs)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(tmpfs);
  }

  @Test
  void everyAnswerIsLibpmem2sOrANamedDeviation() throws Exception {
    System.out.println("seed " + SEED);
    Map<String, Integer> allowed = new LinkedHashMap<>();
    List<String> differing = new ArrayList<>();
    Random random = new Random(SEED);
    int compared = 0;
    for (String forced : forcings()) {
      int count = cases() / forcings().size() + (forced.isEmpty() ? sources.size() : 0);
      List<String> cases = cases(random, count);
      List<String> theirs = BothSides.outcomes(folder, "libpmem2", forced, cases);
      List<String> ours = BothSides.outcomes(folder, "lode", forced, cases);
      compared += cases.size();
      for (int i = 0; i < cases.size(); i++) {
        if (!theirs.get(i).equals(ours.get(i))) {
          String name = deviation(cases.get(i), theirs.get(i), ours.get(i));
          if (name.isEmpty()) {
            differing.add(
                cases.get(i)
                    + " forced "
                    + forced
                    + "\n  C    "
                    + theirs.get(i)
                    + "\n  Java "
                    + ours.get(i));
          } else {
            allowed.merge(name, 1, Integer::sum);
          }
        }
      }
    }
    BothSides.report("sources, configs and maps", compared, differing.size(), allowed);
    assertThat(differing).as("seed " + SEED).isEmpty();
  }

  /** How many cases are made up, beside one for each source. */
  int cases() {
    return CASES;
  }

  /** What PMEM2_FORCE_GRANULARITY is set to, in turn. */
  List<String> forcings() {
    return List.of("", "PAGE", "CACHE_LINE", "BYTE", "NONSENSE");
  }

  /** The deviations that are meant, by name. */
  private static String deviation(String line, String theirs, String ours) {
    if (line.contains(" -") && ours.endsWith("map IllegalArgumentException")) {
      return "a negative offset or length is the caller's mistake";
    }
    if (isListOfAnEmptyFile(theirs, ours)) {
      return "an empty file has no bad blocks";
    }
    String read = " read -100032 ";
    if (line.startsWith("fd:ro:/dev/dax")
        && theirs.contains(read)
        && withoutRead(theirs).equals(withoutRead(ours))) {
      return "a device open for reading can be read";
    }
    return "";
  }

  /** FIEMAP of no bytes is EINVAL, and libpmem2 asks for as many as the file has. */
  private static boolean isListOfAnEmptyFile(String theirs, String ours) {
    return ours.startsWith("size 0 ") && theirs.replace(" bad -22 ", " bad  ").equals(ours);
  }

  private static String withoutRead(String outcome) {
    return outcome.replaceFirst(" read \\S+", "");
  }

  private List<String> cases(Random random, int count) {
    long[] numbers = {
      0,
      0,
      0,
      1,
      512,
      PAGE - 1,
      PAGE,
      PAGE,
      PAGE + 1,
      2 * PAGE,
      5000,
      8 * PAGE,
      16 * PAGE,
      17 * PAGE,
      2 << 20,
      4 << 20,
      (4 << 20) + 12,
      (4 << 20) + PAGE,
      3L << 30,
      1L << 60,
      Long.MAX_VALUE,
      Long.MAX_VALUE & -PAGE,
      -1,
      -PAGE
    };
    List<String> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String source = sources.get(i < sources.size() ? i : random.nextInt(sources.size()));
      String granularity = pick(random, "BYTE", "CACHE_LINE", "PAGE", "PAGE");
      String sharing = pick(random, "SHARED", "SHARED", "PRIVATE");
      String access = pick(random, "READ_WRITE", "READ_WRITE", "READ", "NONE");
      long offset = numbers[random.nextInt(numbers.length)];
      long length = numbers[random.nextInt(numbers.length)];
      cases.add(
          String.join(
              " ",
              source,
              granularity,
              Long.toString(random.nextInt(3) == 0 ? 0 : offset),
              Long.toString(random.nextInt(3) == 0 ? 0 : length),
              sharing,
              access));
    }
    return cases;
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }
}
