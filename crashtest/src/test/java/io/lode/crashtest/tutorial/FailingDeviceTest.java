package io.lode.crashtest.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.Outcome;
import io.lode.crashtest.Report;
import io.lode.pmem.PmemMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Devices that fail, devices that lie, and memory with an earlier user's content. */
class FailingDeviceTest {
  /** Promises to stop after a failure, and does not. */
  static final class Stopping extends StackSubject {
    @Override
    public boolean stopsAfterFailure() {
      return true;
    }
  }

  /** Created over old content that looks like a stack. */
  static final class Reused extends StackSubject {
    @Override
    public void prepare(PmemMap map) {
      new PersistentStack(map).push(1);
    }
  }

  @Test
  void structureWithoutChecksumsBelievesADeviceThatLies() {
    Report report = CrashTest.of(StackSubject.class).sequences(0).persistFaults(4, 6).run();

    assertThat(report.outcomes()).containsKey(Outcome.RIGHT).doesNotContainKey(Outcome.FAILED);
    assertThat(report.silent()).isPositive();
    assertThat(report.isSound()).isFalse();
  }

  @Test
  void returnAfterAFailedPersistIsNoticedWhereItIsRuledOut() {
    Report report = CrashTest.of(Stopping.class).sequences(0).persistFaults(4, 6).run();

    assertThat(report.violations())
        .anySatisfy(found -> assertThat(found.found()).contains("after a persist had failed"));
  }

  @Test
  void whatAnEarlierUserLeftIsFoundByTheChecker() {
    Report report = CrashTest.of(Reused.class).sequences(1).run();

    assertThat(report.violations()).isNotEmpty();
  }

  @Test
  void faultsOfMethodsArePlantedWhereTheyAreNamed() {
    String stack = PersistentStack.class.getName();
    List<Mutant> mutants =
        List.of(
            Mutant.parameter(stack, "publish", 0, 0),
            Mutant.comparison(stack, "publish", 0, true).named("never-published"),
            Mutant.all("both", Mutant.emptied(stack, "pop"), Mutant.emptied(stack, "push")));
    Report report = CrashTest.of(StackSubject.class).plant(mutants, 0).run();

    assertThat(report.mutantsCaught()).isEqualTo(3);
    assertThat(report.mutantResults()).extracting("name").contains("never-published", "both");
  }
}
