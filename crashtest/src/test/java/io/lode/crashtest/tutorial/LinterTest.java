package io.lode.crashtest.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Finding;
import io.lode.crashtest.Finding.Rule;
import io.lode.crashtest.PersistencyModel;
import io.lode.crashtest.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of the linter is broken by one operation and names it. */
class LinterTest {
  private final Report report = CrashTest.of(Wasteful.class).sequences(2).threads(1).run();

  @Test
  void everyRuleNamesThePlaceThatBreaksIt() {
    assertThat(places(Rule.MISSING_FLUSH)).anyMatch(place -> place.contains("operations"));
    assertThat(places(Rule.MISSING_FENCE)).anyMatch(place -> place.contains("noFence"));
    assertThat(places(Rule.REDUNDANT_FLUSH)).isNotEmpty();
    assertThat(places(Rule.LINE_FLUSHED_TWICE)).allMatch(place -> place.contains("lineTwice"));
    assertThat(places(Rule.LINE_FLUSHED_TWICE)).isNotEmpty();
    assertThat(places(Rule.DIRTY_READ)).isNotEmpty();
    assertThat(places(Rule.STORE_INTO_COMMITTED)).allMatch(place -> place.contains("change"));
    assertThat(places(Rule.STORE_INTO_COMMITTED)).isNotEmpty();
    assertThat(report.isSound()).isFalse();
  }

  @Test
  void rightStackHasNoFindingsInAnyModel() {
    for (PersistencyModel model : PersistencyModel.values()) {
      Report stack = CrashTest.of(StackSubject.class).model(model).run();
      assertThat(stack.violations()).as(model.name()).isEmpty();
      assertThat(stack.findings()).as(model.name()).isEmpty();
    }
  }

  @Test
  void diffModeFindsTheSameBugAndSaysThatItIsNotExhaustive() {
    Report right = CrashTest.diffMode(StackSubject::new).run();
    assertThat(right.violations()).isEmpty();
    assertThat(right.exhaustive()).isFalse();
    assertThat(right.summary()).contains("diff mode: not exhaustive");

    Report wrong = CrashTest.diffMode(PlantedBugs.OneFence::new).run();
    assertThat(wrong.violations()).isNotEmpty();
  }

  @Test
  void everyPlantedBugIsFound() {
    assertThat(CrashTest.of(PlantedBugs.OneFence.class).run().violationCount()).isPositive();
    assertThat(CrashTest.of(PlantedBugs.NoFlush.class).run().violationCount()).isPositive();
    assertThat(CrashTest.of(PlantedBugs.TornValue.class).run().violationCount()).isPositive();
  }

  private List<String> places(Rule rule) {
    return report.findings().stream()
        .filter(finding -> finding.rule() == rule)
        .map(Finding::place)
        .toList();
  }
}
