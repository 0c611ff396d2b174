package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** {@code docs/coverage-numa.md} has a true row for every name of the manual pages. */
class CoverageTest {
  private static final Path DOCUMENT = Path.of("../docs/coverage-numa.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| (`[^|]+`) \\| (`[^|]+`) \\|[^|]*\\|(?:(?<dax>[^|]*)\\|)?");

  /** The calls of numa(3) and of the get_mempolicy family that take an address. */
  private static final List<String> TAKE_AN_ADDRESS =
      List.of(
          "numa_interleave_memory",
          "numa_tonode_memory",
          "numa_tonodemask_memory",
          "numa_setlocal_memory",
          "numa_weighted_interleave_memory",
          "numa_police_memory",
          "numa_move_pages",
          "get_mempolicy",
          "mbind",
          "move_pages",
          "set_mempolicy_home_node",
          "numa_set_mempolicy_home_node");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** One row: a C name, Java calls, tests, those on DAX memory. */
  private record Row(String name, List<String> calls, List<String> tests, List<String> dax) {}

  @Test
  void everyNameOfTheManualPagesHasExactlyOneRow() throws IOException {
    assertThat(rows()).extracting(Row::name).containsExactlyInAnyOrderElementsOf(names());
  }

  @Test
  void everyLineOfTheTablesIsARow() throws IOException {
    assertThat(Files.readAllLines(DOCUMENT))
        .filteredOn(line -> line.startsWith("| `"))
        .allMatch(line -> ROW.matcher(line).matches());
  }

  @Test
  void everyJavaCallExistsAndIsPublic() throws IOException {
    for (Row row : rows()) {
      assertThat(row.calls()).as(row.name()).isNotEmpty().allMatch(CoverageTest::isPublic);
    }
  }

  @Test
  void everyTestExistsAndIsRun() throws IOException {
    for (Row row : rows()) {
      assertThat(row.tests()).as(row.name()).isNotEmpty().allMatch(CoverageTest::isTest);
    }
  }

  @Test
  void everyCallThatTakesAnAddressSaysWhatItDoesOnDaxMemory() throws IOException {
    for (Row row : rows()) {
      assertThat(row.dax())
          .as(row.name())
          .allMatch(test -> test.startsWith("DaxMemoryIT.") && isMethod(test));
      if (TAKE_AN_ADDRESS.contains(row.name())) {
        assertThat(row.dax()).as(row.name()).isNotEmpty();
      }
    }
    assertThat(rows()).extracting(Row::name).containsAll(TAKE_AN_ADDRESS);
  }

  private static List<String> names() throws IOException {
    try (InputStream in = CoverageTest.class.getResourceAsStream("/io/lode/numa/c-names.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.matches("[#\\[].*")).toList();
    }
  }

  private static List<Row> rows() throws IOException {
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      return lines
          .map(ROW::matcher)
          .filter(row -> row.matches())
          .map(row ->
              new Row(
                  row.group(1),
                  codes(row.group(2)),
                  codes(row.group(3)),
                  codes(Objects.requireNonNullElse(row.group("dax"), "")).stream()
                      .filter(code -> code.contains("."))
                      .toList()))
          .toList();
    }
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
  }

  /**
   * Finds {@code Type}, {@code Type.Nested}, {@code Type.CONSTANT} or {@code
   * Type.method(Parameter)}.
   */
  private static boolean isPublic(String call) {
    int open = call.indexOf('(');
    if (open < 0) {
      return typeNamed(call)
              .filter(type -> Modifier.isPublic(type.getModifiers()))
              .findAny()
              .isPresent()
          || isConstant(call);
    }
    String path = call.substring(0, open);
    int dot = path.lastIndexOf('.');
    return typeNamed(path.substring(0, dot))
        .flatMap(type ->
            Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(path.substring(dot + 1)))
                .map(method -> signature(type, method)))
        .anyMatch(signature -> signature.equals(call.substring(open)));
  }

  private static String signature(Class<?> type, Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(parameter -> parameter == TypedIdSet.class ? type : parameter)
        .map(Class::getSimpleName)
        .map(name -> method.isVarArgs() ? name.replace("[]", "...") : name)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static boolean isConstant(String path) {
    int dot = path.lastIndexOf('.');
    return dot > 0
        && typeNamed(path.substring(0, dot))
            .filter(Class::isEnum)
            .flatMap(type -> Arrays.stream(type.getEnumConstants()))
            .anyMatch(constant -> constant.toString().equals(path.substring(dot + 1)));
  }

  private static Stream<Class<?>> typeNamed(String path) {
    try {
      return Stream.of(
          Class.forName(CoverageTest.class.getPackageName() + "." + path.replace('.', '$')));
    } catch (ClassNotFoundException _) {
      return Stream.empty();
    }
  }

  private static boolean isTest(String test) {
    return !test.contains("IT.") && isMethod(test);
  }

  private static boolean isMethod(String test) {
    int dot = test.indexOf('.');
    return typeNamed(test.substring(0, dot))
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> method.getName().equals(test.substring(dot + 1)))
        .anyMatch(method ->
            method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class));
  }
}
