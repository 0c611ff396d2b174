package io.lode.crashtest.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Report;
import io.lode.crashtest.Violation;
import org.junit.jupiter.api.Test;

/** How to use this package, first on a correct structure and then on a broken one. */
class TutorialTest {
  @Test
  void everyCrashOfTheStackIsTried() {
    Report report = CrashTest.of(StackSubject.class).run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.findings()).isEmpty();
    assertThat(report.exhaustive()).isTrue();
    System.out.println(report.summary());
  }

  @Test
  void plantedBugIsFoundAndMadeSmall() {
    Report report = CrashTest.of(PlantedBugs.OneFence.class).run();

    assertThat(report.violations()).isNotEmpty();
    Violation violation = report.violations().getFirst();
    System.out.println(violation);
    assertThat(violation.operations()).containsExactly("push 7");
    assertThat(violation.during()).isEqualTo("during operation 1, push 7");
    assertThat(violation.at()).startsWith("PersistentStack.publish:");
    assertThat(violation.lost())
        .singleElement()
        .asString()
        .contains("8 bytes at 64 (line 1)")
        .contains("OneFence$1.push:");
    assertThat(violation.found()).isEqualTo("[0]");

    // The printed line reproduces the crash:
    assertThat(CrashTest.of(PlantedBugs.OneFence.class).replay(violation.replay()))
        .singleElement()
        .asString()
        .isEqualTo(violation.toString());
  }

  @Test
  void stackNoticesEveryFaultThatIsPlantedAtItsCallSites() {
    CrashTest test = CrashTest.of(StackSubject.class);
    Report report = test.plant(test.mutants(), 20_000).run();

    System.out.println(report.summary());
    assertThat(report.mutantResults()).filteredOn(result -> !result.caught()).isEmpty();
    assertThat(report.mutants()).isGreaterThan(5);
  }
}
