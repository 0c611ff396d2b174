package io.lode.crashtest.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Report;
import io.lode.pmem.PmemMap;
import org.junit.jupiter.api.Test;

/** Bugs that show only when a ring begins again at its first slot, after 8 values. */
class RingTest {
  /** The value in the first slot is not waited for when it is used again. */
  static final class NoFenceOnWrap extends RingSubject {
    @Override
    PersistentRing ring(PmemMap map) {
      return new PersistentRing(map) {
        @Override
        void persistSlot(long number) {
          if (number > 0 && number % CAPACITY == 0) {
            map().flush(slot(number), Long.BYTES);
          } else {
            super.persistSlot(number);
          }
        }
      };
    }
  }

  /** It begins again one slot too early. */
  static final class WrongWrap extends RingSubject {
    @Override
    PersistentRing ring(PmemMap map) {
      return new PersistentRing(map) {
        @Override
        long slot(long number) {
          return super.slot(number % (CAPACITY - 1));
        }
      };
    }
  }

  @Test
  void rightRingIsRightInLongProgramsToo() {
    Report report = CrashTest.of(RingSubject.class).run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unreached()).isEmpty();
    assertThat(report.exhaustive()).isTrue();
    assertThat(report.summary())
        .contains(
            "exhaustive: every state at every crash point of all 21 programs of up to 2 operations"
                + " and 100 random programs of 32 operations; crashes of a recovery sampled");
  }

  @Test
  void missingFenceOnWrapIsFoundWithoutAskingForAnyDepth() {
    Report report = CrashTest.of(NoFenceOnWrap.class).run();

    assertThat(report.violations()).isNotEmpty();
    assertThat(report.violations().getFirst().lost().toString()).contains("8 bytes at 128");
    assertThat(report.exhaustive()).isFalse();
    System.out.println(report.summary());
  }

  @Test
  void wrongWrapIsFoundWithoutAskingForAnyDepth() {
    Report report = CrashTest.of(WrongWrap.class).run();

    assertThat(report.violations())
        .anySatisfy(found -> {
          assertThat(found.what()).contains("something else than its model");
          assertThat(found.operations()).hasSizeLessThanOrEqualTo(10);
        });
  }

  @Test
  void shortProgramsSayOfWhatTheyAreExhaustiveAndWhatTheyDidNotReach() {
    Report report = CrashTest.of(NoFenceOnWrap.class).sequences(2).run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.summary())
        .contains("exhaustive: every state at every crash point of all 21 programs of up to 2")
        .containsPattern(
            "no program reached RingTest.NoFenceOnWrap.1.persistSlot:\\d+ \\(flush\\)");
  }
}
