package io.lode.pmem;

import static io.lode.pmem.SystemFixture.fileOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same steps on reservations of Debian's libpmem2 and of Lode. Take the seed and the number of
 * scripts as {@code -Dlode.seed} and {@code -Dlode.cases}; each has some twenty steps.
 */
class ReservationDifferentialTest {
  private static final long SEED = Long.getLong("lode.seed", 20261121L);
  private static final int SCRIPTS = Integer.getInteger("lode.cases", 300);
  private static final int STEPS = 20;
  private static final int PAGE = 4096;
  private static final int PAGES = 16;
  private static final String MAPPING_EXISTS = Integer.toString(PmemError.MAPPING_EXISTS.code());
  private static final String NO_MEMORY = Integer.toString(-Errno.ENOMEM.number());
  private static final String NOT_FOUND = Integer.toString(PmemError.MAPPING_NOT_FOUND.code());
  private static final Set<String> TAKEN_OR_PAST_THE_END = Set.of(MAPPING_EXISTS, NO_MEMORY);

  @TempDir Path folder;
  private final Map<String, Integer> allowed = new LinkedHashMap<>();
  private final List<String> differing = new ArrayList<>();
  private int compared;

  @Test
  void everyStepIsLibpmem2sOrANamedDeviation() throws Exception {
    System.out.println("seed " + SEED);
    Path file = fileOf(folder, "file", PAGES * PAGE);
    Random random = new Random(SEED);
    List<String> scripts = new ArrayList<>();
    for (int i = 0; i < SCRIPTS; i++) {
      scripts.add("reservation " + file + " new:" + PAGES * PAGE + " " + steps(random));
    }
    List<String> theirs = BothSides.outcomes(folder, "libpmem2", "", scripts);
    List<String> ours = BothSides.outcomes(folder, "lode", "", scripts);
    for (int i = 0; i < SCRIPTS; i++) {
      compare(scripts.get(i), theirs.get(i), ours.get(i));
    }
    BothSides.report("steps on reservations", compared, differing.size(), allowed);
    assertThat(differing).as("seed " + SEED).isEmpty();
  }

  private void compare(String script, String theirs, String ours) {
    List<String> steps = List.of(script.split(" ", -1));
    List<String> c = List.of(theirs.split(" ", -1));
    List<String> java = List.of(ours.split(" ", -1));
    for (int i = 0; i < java.size(); i++) {
      compared++;
      String step = steps.get(i + 2);
      String theirOutcome = i < c.size() ? c.get(i) : "nothing";
      if (java.get(i).equals(theirOutcome)) {
        continue;
      }
      String name = deviation(step, theirOutcome, java.get(i));
      if (name.isEmpty()) {
        differing.add(script + "\n step " + step + "\n  C    " + theirs + "\n  Java " + ours);
        return;
      }
      allowed.merge(name, 1, Integer::sum);
      if (theirOutcome.contains("@") || step.startsWith("extend")) {
        // From here on the two reservations are not the same any more.
        return;
      }
    }
  }

  /** The deviations that are meant, by name. */
  private static String deviation(String step, String theirs, String ours) {
    if (ours.equals("none") && theirs.equals(NOT_FOUND)) {
      return "no map is an empty answer, not a code";
    }
    if (theirs.contains("@-")) {
      return "libpmem2 maps in front of its reservation for a negative offset";
    }
    if (ours.equals("IllegalArgumentException")) {
      return "zero, negative and overflowing numbers are the caller's mistake";
    }
    if (step.startsWith("extend") && (theirs + "/" + ours).contains(MAPPING_EXISTS)) {
      return "the addresses behind are taken in one process (libpmem2's padding, a neighbour)";
    }
    if (step.startsWith("other") && theirs.equals(MAPPING_EXISTS)) {
      return "libpmem2's padding occupies addresses that are free";
    }
    if (step.startsWith("other") && Set.of(theirs, ours).equals(TAKEN_OR_PAST_THE_END)) {
      return "a long range may pass the end of the address space of one process";
    }
    return "";
  }

  private static String steps(Random random) {
    List<String> steps = new ArrayList<>();
    int maps = 0;
    for (int i = 0; i < STEPS; i++) {
      String step =
          switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> "map:" + at(random) + ":" + at(random) + ":" + length(random);
            case 4 -> "fine:" + at(random) + ":0:" + length(random);
            case 5, 6 -> "unmap:" + random.nextInt(maps + 1);
            case 7 -> "find:" + at(random) + ":" + length(random);
            case 8 -> random.nextBoolean() ? "first" : "last";
            case 9 -> "next:" + random.nextInt(maps + 1);
            case 10 -> "previous:" + random.nextInt(maps + 1);
            case 11 -> "shrink:" + at(random) + ":" + length(random);
            case 12 -> "other:" + inside(random) + ":" + length(random);
            default -> random.nextInt(4) == 0 ? "extend:" + length(random) : "find:0:" + PAGE;
          };
      maps += step.startsWith("map") ? 1 : 0;
      steps.add(step);
    }
    return String.join(" ", steps);
  }

  /** What lies before and behind a reservation differs from process to process. */
  private static long inside(Random random) {
    return (long) random.nextInt(PAGES) * PAGE + (random.nextInt(8) == 0 ? 1 : 0);
  }

  private static long at(Random random) {
    return random.nextInt(8) == 0 ? odd(random) : (long) random.nextInt(PAGES + 1) * PAGE;
  }

  private static long length(Random random) {
    return random.nextInt(8) == 0 ? odd(random) : (long) random.nextInt(PAGES / 4) * PAGE;
  }

  private static long odd(Random random) {
    long[] numbers = {1, PAGE - 1, PAGE + 1, 17L * PAGE, 1L << 40, Long.MAX_VALUE & -PAGE, -PAGE};
    return numbers[random.nextInt(numbers.length)];
  }
}
