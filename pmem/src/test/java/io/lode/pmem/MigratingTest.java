package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/migrating.md} to the code. */
class MigratingTest {
  private static final Path PAGE = Path.of("..", "docs", "migrating.md");
  private static final Path STORE = Path.of("..", "kvstore", "src", "main", "java", "io/lode/kv");

  /** A call of this library is named by its type and its method. */
  private static final Pattern CALL = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  private static List<MatchResult> calls(String text) {
    return CALL.matcher(text).results().toList();
  }

  private static boolean exists(String type, String method) throws IOException {
    Path store = STORE.resolve(type + ".java");
    if (Files.exists(store)) {
      return Files.readString(store).contains(" " + method + "(");
    }
    try {
      return Arrays.stream(Class.forName("io.lode.pmem." + type).getMethods())
          .map(Method::getName)
          .anyMatch(method::equals);
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Test
  void everyCallOfTheRightColumnsExists() throws IOException {
    int rows = 0;
    for (String line : Files.readAllLines(PAGE)) {
      if (!line.startsWith("|") || line.startsWith("|-") || line.contains("| Lode |")) {
        continue;
      }
      rows++;
      List<MatchResult> calls = calls(line.split("\\|", -1)[2]);
      assertThat(calls).as(line).isNotEmpty();
      for (MatchResult call : calls) {
        assertThat(exists(call.group(1), call.group(2))).as(call.group()).isTrue();
      }
    }
    assertThat(rows).isGreaterThan(30);
  }

  @Test
  void everyCallOfTheTextExists() throws IOException {
    for (String line : Files.readAllLines(PAGE)) {
      if (!line.startsWith("|")) {
        for (MatchResult call : calls(line)) {
          assertThat(exists(call.group(1), call.group(2))).as(call.group()).isTrue();
        }
      }
    }
  }

  @Test
  void everyFunctionOfLibpmem2IsOneOfTheCoverage() throws IOException {
    String coverage = Files.readString(PAGE.resolveSibling("coverage-pmem2.md"));
    Pattern.compile("pmem2_\\w+")
        .matcher(Files.readString(PAGE))
        .results()
        .forEach(name -> assertThat(coverage).contains("| `" + name.group() + "` |"));
  }
}
