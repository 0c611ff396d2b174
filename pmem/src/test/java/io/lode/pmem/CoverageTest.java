package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/coverage-pmem2.md} to the code. */
class CoverageTest {
  private static final Path PAGE = Path.of("..", "docs", "coverage-pmem2.md");

  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private static List<String[]> rows(String start) throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .filter(line -> line.startsWith(start))
          .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip))
          .map(cells -> cells.skip(1).toArray(String[]::new))
          .toList();
    }
  }

  private static List<String> names(String cell) {
    return NAME.matcher(cell).results().map((MatchResult m) -> m.group(1)).toList();
  }

  @Test
  void everyFunctionOfLibpmem2HasARow() throws IOException {
    List<String[]> rows = rows("| `pmem2_");
    assertThat(rows).hasSize(49);
    assertThat(rows.stream().map(row -> row[0]).distinct()).hasSize(49);
    NativeLibrary library = NativeLibrary.getInstance("libpmem2.so.1");
    for (String[] row : rows) {
      assertThat(library.getFunction(names(row[0]).getFirst())).isNotNull();
    }
  }

  @Test
  void everyCallAndTestOfARowExists() throws Exception {
    int covered = 0;
    for (String[] row : rows("| `pmem2_")) {
      covered++;
      assertThat(names(row[1]).isEmpty() ? row[3] : row[1]).as(row[0]).isNotBlank();
      for (String call : names(row[1])) {
        String[] parts = call.split("\\.", -1);
        Class<?> type = Class.forName("io.lode.pmem." + parts[0]);
        assertThat(Arrays.stream(type.getMethods()).map(method -> method.getName()))
            .as(call)
            .contains(parts[1]);
      }
      for (String test : names(row[2])) {
        assertThat(testClass(test)).as(test).isTrue();
      }
    }
    assertThat(covered).isEqualTo(49);
    assertThat(Files.readString(PAGE)).contains("49 of 49 are covered");
    Report.write("functions", Map.of("functions covered of 49", covered));
  }

  private static boolean testClass(String name) {
    return Stream.of("", "internal.", "internal.cpu.")
        .map(part -> "io/lode/pmem/" + part.replace('.', '/') + name + ".java")
        .anyMatch(file -> Files.exists(Path.of("src", "test", "java", file)));
  }

  @Test
  void codesAreThoseOfTheEnum() throws IOException {
    List<String> rows =
        rows("| -100").stream().map(row -> row[0] + " " + row[1] + " " + row[2]).toList();
    List<String> codes =
        Arrays.stream(PmemError.values())
            .map(error -> error.code() + " " + error + " " + error.meaning())
            .toList();
    assertThat(rows).isEqualTo(codes);
  }

  @Test
  void codesThatCanComeAreShownByATest() throws IOException {
    String tests = testSources();
    Map<String, Integer> codes = new LinkedHashMap<>();
    List<String> unseen = new ArrayList<>();
    for (String[] row : rows("| -100")) {
      boolean cannotCome = row[3].matches("(cannot come|unused by libpmem2 itself|also what).*");
      String state =
          tests.contains("PmemError." + row[1])
              ? "codes shown by a test of 37"
              : cannotCome ? "codes that cannot come" : "";
      if (state.isEmpty()) {
        unseen.add(row[1]);
        state = "codes not shown yet";
      }
      codes.merge(state, 1, Integer::sum);
    }
    System.out.println(codes + ", not shown yet: " + unseen);
    Report.write("codes", codes);
    assertThat(unseen).isEmpty();
  }

  private static String testSources() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
