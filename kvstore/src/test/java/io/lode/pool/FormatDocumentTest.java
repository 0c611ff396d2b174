package io.lode.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/FORMAT.md says what PoolFormat and JournalFormat compute. */
class FormatDocumentTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([DSRGBEF]_[A-Z_]+)` \\| (\\d+) \\| (\\d+) \\|", Pattern.MULTILINE);

  private static final Pattern NUMBER = Pattern.compile("`([A-Z_]+)` (?:is|=) (\\d+)");

  private final String document = read();
  private final Map<String, Long> constants = constants();

  @Test
  void everyFieldOfTheTablesIsWhereTheCodeHasIt() {
    Map<String, Long> documented = new LinkedHashMap<>();
    ROW.matcher(document).results().forEach(row -> documented.put(row.group(1), offset(row)));
    Map<String, Long> fields = new LinkedHashMap<>(constants);
    fields.keySet().removeIf(name -> !name.matches("[DSRGBEF]_.*"));

    assertThat(documented).containsExactlyInAnyOrderEntriesOf(fields);
  }

  @Test
  void fieldsOfATableFollowEachOtherWithoutHoles() {
    String last = "";
    long end = 0;
    Matcher row = ROW.matcher(document);
    while (row.find()) {
      String table = row.group(1).substring(0, 1);
      // The tables of a record's extensions go on where its header ends.
      long expected = table.equals(last) || "GB".contains(table) ? end : 0;
      assertThat(Long.parseLong(row.group(2))).as(row.group(1)).isEqualTo(expected);
      end = expected + Long.parseLong(row.group(3));
      last = table;
    }
  }

  @Test
  void everyOtherNumberIsTheCodes() {
    Matcher number = NUMBER.matcher(document);
    int seen = 0;
    while (number.find()) {
      assertThat(constants.get(number.group(1)))
          .as(number.group(1))
          .isEqualTo(Long.parseLong(number.group(2)));
      seen++;
    }
    assertThat(seen).isGreaterThanOrEqualTo(8);
  }

  private static long offset(java.util.regex.MatchResult row) {
    return Long.parseLong(row.group(2));
  }

  private static Map<String, Long> constants() {
    Map<String, Long> found = new LinkedHashMap<>();
    Stream.of("io.lode.pool.PoolFormat", "io.lode.journal.JournalFormat")
        .flatMap(name -> Stream.of(load(name).getDeclaredFields()))
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .filter(field -> field.getType() == int.class || field.getType() == long.class)
        .forEach(field -> found.put(field.getName(), value(field)));
    return found;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static long value(Field field) {
    try {
      field.setAccessible(true);
      return ((Number) field.get(null)).longValue();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static String read() {
    try {
      return Files.readString(Path.of("..", "docs", "FORMAT.md"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
