package io.lode.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  @Test
  void helpOfEveryCommandFitsEightyColumnsAndHasAnExample() {
    CommandLine main = Main.commandLine();
    assertThat(main.getSubcommands()).containsKeys("compare", "kv", "locality", "persist");
    for (String name : main.getSubcommands().keySet()) {
      String help = run(name, "--help");
      assertThat(help).contains("Example:");
      assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }
    assertThat(run("--help")).contains("Example:").doesNotContain("verify");
  }

  private static String run(String... arguments) {
    var out = new StringWriter();
    assertThat(Main.commandLine().setOut(new PrintWriter(out, true)).execute(arguments)).isZero();
    return out.toString();
  }
}
