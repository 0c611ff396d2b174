package io.lode.crashtest.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lode.crashtest.CrashTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of {@link CrashTest#replay}: what is wrong with one is said. */
class ReplayTest {
  private final CrashTest test = CrashTest.of(PlantedBugs.OneFence.class);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | SUBJECT/MODEL/SEED/OPERATIONS/CRASH",
        "Other/ADR/42/0/6:0 | it is of Other, and OneFence is tested",
        "OneFence/NONE/42/0/6:0 | there is no model \"NONE\" among [ADR, ADR_UNORDERED",
        "OneFence/ADR/x/0/6:0 | \"x\" is no seed",
        "OneFence/ADR/42/4/6:0 | there is no operation 4 among the 4, which count from 0",
        "OneFence/ADR/42/0.99/6:0 | there is no operation 99",
        "OneFence/ADR/42/-1/6:0 | \"-1\" is no number of an operation",
        "OneFence/ADR/42/push/6:0 | \"push\" is no number of an operation",
        "OneFence/ADR/42/0..1/6:0 | \"\" is no number of an operation",
        "OneFence/ADR/42/0/6 | \"6\" is not a crash: EVENT:STATES",
        "OneFence/ADR/42/0/-6:0 | \"-6\" is no number of an event",
        "OneFence/ADR/42/0/99999999999:0 | is no number of an event",
        "OneFence/ADR/42/0/6:a | \"a\" is no number of a state",
        "OneFence/ADR/42/0/6:0, | \"\" is no number of a state",
      })
  void whatIsWrongWithALineIsSaid(String line, String what) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> test.replay(line))
        .withMessageContaining(line)
        .withMessageContaining(what);
  }

  @Test
  void crashThatTheProgramNoLongerHasIsLookedForInAllItsCrashes() {
    String line = test.run().violations().getFirst().replay();
    String operations = line.substring(0, line.lastIndexOf('/') + 1);

    assertThat(test.replay(operations + "4000:0")).isNotEmpty();
    assertThat(test.replay(operations + "6:0,0,0,0,0,0")).isNotEmpty();
    // The structure without the bug.
    assertThat(CrashTest.of(StackSubject.class).replay("StackSubject/ADR/42/0/4000:0")).isEmpty();
  }
}
