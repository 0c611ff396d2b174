package io.lode.crashtest.newcomer;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Finding.Rule;
import io.lode.crashtest.Operation;
import io.lode.crashtest.Report;
import io.lode.crashtest.Subject;
import io.lode.crashtest.Violation;
import io.lode.pmem.PmemMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Subjects that describe their structure wrongly are told what is wrong. */
class DescriptionTest {
  /** A number in the first word. */
  static class Word implements Subject<PmemMap, Object> {
    @Override
    public long poolBytes() {
      return 64;
    }

    @Override
    public PmemMap create(PmemMap map) {
      return map;
    }

    @Override
    public PmemMap open(PmemMap map) {
      map.persist(0, Long.BYTES);
      return map;
    }

    @Override
    public void close(PmemMap map) {
      // The map belongs to the checker.
    }

    @Override
    public Object initial() {
      return 0L;
    }

    @Override
    public Object observe(PmemMap map) {
      return map.segment().get(JAVA_LONG, 0);
    }

    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(map -> set(map, 0, 1), _ -> 1L));
    }

    static Operation<PmemMap, Object> operation(
        Operation.Action<PmemMap> action, UnaryOperator<Object> effect) {
      return Operation.of("set", action, effect);
    }

    static void set(PmemMap map, long offset, long value) {
      map.segment().set(JAVA_LONG, offset, value);
      map.persist(offset, Long.BYTES);
    }
  }

  static final class ThrowingConstructor extends Word {
    ThrowingConstructor() {
      throw new IllegalStateException("no configuration");
    }
  }

  @Test
  void constructorThatThrowsIsToldWithItsException() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(ThrowingConstructor.class).run())
        .withMessageContaining("its constructor threw")
        .withMessageContaining("no configuration");
  }

  /** Needs an object of the class around it. */
  @SuppressWarnings("ClassCanBeStatic") // that it is not is the mistake
  final class Inner extends Word {}

  @Test
  void innerClassIsToldToBeStatic() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(Inner.class).run())
        .withMessageContaining("static if it is nested");
  }

  static final class NoOperations extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of();
    }
  }

  @Test
  void subjectWithoutOperationsHasNothingToTry() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(NoOperations.class).run())
        .withMessageContaining("no operations");
  }

  static final class ArrayModel extends Word {
    @Override
    public Object initial() {
      return new long[1];
    }
  }

  @Test
  void modelWithoutEqualsIsTold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(ArrayModel.class).run())
        .withMessageContaining("equals");
  }

  static final class MutableModel extends Word {
    @Override
    public Object initial() {
      return new ArrayList<>();
    }

    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(map -> set(map, 0, 1), MutableModel::added));
    }

    @SuppressWarnings("unchecked")
    private static Object added(Object state) {
      ((List<Object>) state).add(1L);
      return state;
    }
  }

  @Test
  void effectThatChangesItsArgumentIsTold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(MutableModel.class).run())
        .withMessageContaining("the effect of \"set\" changes the state");
  }

  static final class FailingEffect extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(map -> set(map, 0, 1), _ -> List.of().removeFirst()));
    }
  }

  @Test
  void effectThatFailsIsTold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(FailingEffect.class).run())
        .withMessageContaining("the effect of \"set\" on 0 failed");
  }

  static final class WrongModel extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(map -> set(map, 0, 1), _ -> 2L));
    }
  }

  @Test
  void modelThatPredictsSomethingElseIsToldWithoutACrash() {
    Violation found = CrashTest.of(WrongModel.class).run().violations().getFirst();

    assertThat(found.what()).contains("without any crash").contains("its model");
    assertThat(found.expected()).isEqualTo("2");
    assertThat(found.found()).isEqualTo("1");
    assertThat(found.toString()).doesNotContain("power lost");
  }

  static final class TooLittleMemory extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(map -> set(map, 64, 1), _ -> 1L));
    }
  }

  @Test
  void structureThatNeedsMoreMemoryIsToldWhereItFailedAndWhatARefusalIs() {
    Violation found = CrashTest.of(TooLittleMemory.class).run().violations().getFirst();

    assertThat(found.what()).isEqualTo("a program failed without any crash");
    assertThat(found.found())
        .contains("set failed")
        .contains("IndexOutOfBounds")
        .contains("isRefusal");
  }

  static final class Refusing extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(
          operation(map -> set(map, 0, 1), _ -> 1L),
          Operation.of("never", map -> set(map, 64, 1), _ -> 1L));
    }

    @Override
    public boolean isRefusal(Throwable failure) {
      return true;
    }
  }

  @Test
  void operationThatIsRefusedEveryTimeIsNotCalledTried() {
    Report report = CrashTest.of(Refusing.class).run();

    assertThat(report.exhaustive()).isFalse();
    assertThat(report.findings())
        .anySatisfy(finding -> {
          assertThat(finding.rule()).isEqualTo(Rule.NEVER_ACCEPTED);
          assertThat(finding.place()).isEqualTo("never");
        });
  }

  static final class Counting extends Word {
    private static final AtomicLong COUNT = new AtomicLong();

    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(map -> set(map, 8, COUNT.incrementAndGet()), state -> state));
    }
  }

  @Test
  void structureThatDoesSomethingElseEachTimeIsToldSo() {
    Report report = CrashTest.of(Counting.class).run();

    assertThat(report.violations())
        .singleElement()
        .satisfies(found -> assertThat(found.what()).contains("deterministic"));
    assertThat(report.exhaustive()).isFalse();
  }

  static final class Nothing extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(_ -> {}, state -> state));
    }
  }

  @Test
  void structureThatStoresNothingIsNotCalledTried() {
    Report report = CrashTest.of(Nothing.class).run();

    assertThat(report.exhaustive()).isFalse();
    assertThat(report.summary()).contains("not exhaustive").contains("no store was seen");
  }

  static final class Buffered extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(operation(Buffered::put, _ -> 1L));
    }

    private static void put(PmemMap map) {
      map.segment().asByteBuffer().put(0, (byte) 1);
      map.persist(0, 1);
    }
  }

  static final class BufferedReads extends Word {
    @Override
    public Object observe(PmemMap map) {
      return (long) map.segment().asByteBuffer().get(0);
    }

    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(
          operation(map -> set(map, 0, 1 + map.segment().asByteBuffer().get(64 - 1)), _ -> 1L));
    }
  }

  @Test
  void viewsAsByteBuffersAreNamedAndNeverExhaustive() {
    Report stores = CrashTest.of(Buffered.class).run();
    assertThat(stores.violations().getFirst().what()).contains("a store was not seen");
    assertThat(stores.violations().getFirst().found()).contains("ByteBuffer");

    Report reads = CrashTest.of(BufferedReads.class).run();
    assertThat(reads.exhaustive()).isFalse();
    assertThat(reads.findings()).extracting("rule").contains(Rule.UNSEEN_ACCESS);
  }

  /** Repairs what it finds by a view. */
  static final class UnseenRecovery extends Word {
    @Override
    public PmemMap open(PmemMap map) {
      map.segment().asByteBuffer().put(8, (byte) 1);
      return super.open(map);
    }
  }

  @Test
  void storeOfARecoveryThatIsNotSeenIsTold() {
    Report report = CrashTest.of(UnseenRecovery.class).run();

    assertThat(report.violations())
        .anySatisfy(found -> {
          assertThat(found.what()).contains("a store was not seen");
          assertThat(found.found()).contains("recovery");
        });
    assertThat(report.exhaustive()).isFalse();
  }

  @Test
  void valuesOfOptionsThatMeanNothingAreRefused() {
    CrashTest test = CrashTest.of(Word.class);
    assertThatIllegalArgumentException().isThrownBy(() -> test.sequences(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> test.random(-1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> test.random(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.limit(0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.followEvery(0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.nestEvery(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> test.nestEvery(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.threads(0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.damage(-1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> test.damage(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.persistFaults(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.interleave(-1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> test.interleave(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> test.plant(List.of(), 1));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> CrashTest.of(Word.class).sequences(0).run())
        .withMessageContaining("nothing was asked for");
  }

  static final class Hundred extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return java.util.Collections.nCopies(100, super.operations().getFirst());
    }
  }

  @Test
  void moreProgramsThanCanBeCountedAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrashTest.of(Hundred.class).sequences(12).run())
        .withMessageContaining("use random");
  }

  @Test
  void stateThatIsNeitherAllNorNothingIsNotCalledTriedWithWholeStores() {
    Report report = CrashTest.of(TwoWords.class).wholeStores().run();

    assertThat(report.violations()).isEmpty();
    assertThat(report.exhaustive()).isFalse();
  }

  /** Stores a word that nobody reads before each that counts. */
  static final class TwoWords extends Word {
    @Override
    public List<Operation<PmemMap, Object>> operations() {
      return List.of(
          operation(
              map -> {
                map.segment().set(JAVA_LONG, 8, 1);
                set(map, 0, 1);
              },
              _ -> 1L));
    }
  }
}
