package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every public type and method that a module exports has a comment; the compiler looks for them.
 */
class DocumentationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"numa", "pmem", "kvstore"})
  void everythingPublicHasAComment(String module) throws Exception {
    Path sources = Path.of("..", module, "src", "main", "java").toAbsolutePath().normalize();
    List<Path> exported = exportedFolders(module, sources);
    assertThat(exported).isNotEmpty();
    assertThat(uncommented(sources))
        .filteredOn(line -> exported.contains(fileOf(line).getParent()))
        .isEmpty();
  }

  /** Returns the compiler's lines about public elements without a comment. */
  private List<String> uncommented(Path sources) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-Xlint:none",
                "-Xdoclint:missing/public",
                "-Xmaxwarns",
                "10000",
                "-d",
                folder.toString(),
                "-classpath",
                classPath()));
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("module-info.java"))
          .forEach(file -> arguments.add(file.toString()));
    }
    var messages = new StringWriter();
    var out = new PrintWriter(messages);
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(out, out, arguments.toArray(String[]::new));
    assertThat(code).as(messages.toString()).isZero();
    return messages
        .toString()
        .lines()
        .filter(line -> line.endsWith("warning: no comment"))
        .toList();
  }

  private static List<Path> exportedFolders(String module, Path sources) {
    return ModuleFinder.of(Path.of("..", module, "target", "classes")).findAll().stream()
        .flatMap(reference -> reference.descriptor().exports().stream())
        .map(ModuleDescriptor.Exports::source)
        .map(name -> sources.resolve(name.replace('.', File.separatorChar)))
        .toList();
  }

  /** A line is file, colon, number, colon, message. */
  private static Path fileOf(String line) {
    return Path.of(line.substring(0, line.indexOf(".java:") + ".java".length()));
  }

  private static String classPath() {
    return System.getProperty("jdk.module.path", "")
        + File.pathSeparator
        + System.getProperty("java.class.path");
  }
}
