package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Finding;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.Operation;
import io.lode.crashtest.OperationCost;
import io.lode.crashtest.Outcome;
import io.lode.crashtest.PersistencyModel;
import io.lode.crashtest.Report;
import io.lode.crashtest.Subject;
import io.lode.journal.JournalSubject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power is cut wherever it can be: what was acknowledged is there, what was in flight is there
 * whole or not at all, and the store goes on from there. {@link CrashCheck} does the same for
 * longer.
 */
class KvStoreCrashTest {
  private final long seed = Long.getLong("lode.seed", System.nanoTime());

  @Test
  void everyCrashOfEverySequenceOfTwoIsTriedAndHarmless() {
    Report report = run(of(KvSubject.class).sequences(2).limit(1 << 16).nestEvery(200, 64));
    assertThat(report.exhaustive()).isTrue();
    assertThat(report.images()).isGreaterThan(10_000);
    assertThat(report.nestedImages()).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @EnumSource(PersistencyModel.class)
  void crashesThatSealSegmentsAreHarmlessInEveryModel(PersistencyModel model) {
    run(of(KvRollSubject.class).model(model).sequences(2).limit(200));
  }

  @ParameterizedTest
  @EnumSource(PersistencyModel.class)
  void crashesWhileSpaceIsUsedAgainAreHarmlessInEveryModel(PersistencyModel model) {
    CrashTest test = of(KvCleanSubject.class).model(model).sequences(2).limit(20);
    Report report = test.random(8, 10).nestEvery(50, 16).run();
    assertThat(report.violations()).isEmpty();
    // Within one operation a segment may be freed and taken again.
    assertThat(report.findings())
        .filteredOn(finding -> finding.rule() != Finding.Rule.LINE_FLUSHED_TWICE)
        .isEmpty();
    assertThat(report.isSound()).as(report.summary()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(PersistencyModel.class)
  void crashesWhileThePoolGrowsLeaveItAsItWasOrLarger(PersistencyModel model) {
    run(of(KvGrowSubject.class).model(model).sequences(2).limit(200).nestEvery(50, 16));
  }

  @Test
  void batchesAreThereWholeOrNotAtAll() {
    run(of(KvBatchSubject.class).sequences(2).limit(2000));
  }

  @Test
  void writersWithASegmentEachAgreeOnOneOrderThroughCrashes() {
    run(of(KvLanesSubject.class).sequences(2).limit(200).interleave(100, 8));
  }

  @Test
  void longProgramsAreHarmless() {
    run(of(KvSubject.class).sequences(0).random(20, 20).limit(500));
  }

  @Test
  void recordInsideAValueIsNeverTakenForOne() {
    run(of(KvForgedSubject.class).sequences(2).limit(500));
  }

  @Test
  void keysWithOneHashAreToldApart() {
    run(
        KvMutants.test(KvSubject.class, List.of(KvMutants.COLLIDING))
            .seed(seed)
            .sequences(2)
            .limit(200));
    // Looking for the key of a delete that is moved reads other records.
    CrashTest cleaning = KvMutants.test(KvCleanSubject.class, List.of(KvMutants.COLLIDING));
    assertThat(cleaning.seed(seed).sequences(3).limit(2).run().violations()).isEmpty();
  }

  @Test
  void damageIsNamedOrRefusedButNeverServed() {
    Report report = run(of(KvSubject.class).sequences(0).damage(12, 211));
    assertThat(report.outcomes()).containsKey(Outcome.REFUSED).doesNotContainKey(Outcome.FAILED);
    assertThat(report.silent()).isZero();
    report = run(of(KvRollSubject.class).sequences(0).damage(12, 2011));
    assertThat(report.silent()).isZero();
  }

  @Test
  void noOperationSpendsMoreOrLessThanItsBudget() throws IOException {
    List<String> spent = new ArrayList<>();
    for (Class<? extends Subject<?, ?>> subject :
        List.of(KvSubject.class, KvRollSubject.class, JournalSubject.class)) {
      Report report = of(subject).sequences(3).limit(1).run();
      spent.add("== " + subject.getSimpleName());
      report.costs().stream().map(OperationCost::toString).forEach(spent::add);
      assertThat(report.findings()).extracting(Finding::rule).isEmpty();
    }
    assertThat(spent).isEqualTo(budget());
  }

  @Test
  void plantedFaultsAreNoticed() {
    List<Mutant> mutants =
        of(KvSubject.class).mutants().stream()
            .filter(mutant -> mutant.name().startsWith("drop-"))
            .toList();
    Report report =
        of(KvSubject.class).sequences(1).limit(64).nestEvery(50, 32).plant(mutants, 2000).run();
    assertThat(report.mutantResults()).filteredOn(result -> !result.caught()).isEmpty();
    assertThat(report.mutants()).isGreaterThan(8);
  }

  @Test
  void everyPlantedFaultChangesTheCodeThatItNames() throws IOException {
    for (KvMutants mutants : KvMutants.all()) {
      List<Mutant> ofCode = new ArrayList<>(mutants.altered());
      ofCode.addAll(mutants.planted());
      for (Mutant mutant : ofCode) {
        for (String name : mutant.classNames()) {
          assertThat(mutant.changes(classFile(name))).as(mutant + " in " + name).isTrue();
        }
      }
    }
    assertThat(KvMutants.SHORT_CHECKSUMS.changes(classFile("io.lode.pool.Checksum"))).isTrue();
  }

  private static byte[] classFile(String name) throws IOException {
    String resource = "/" + name.replace('.', '/') + ".class";
    try (InputStream file = KvStoreCrashTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }

  @Test
  void groupsOfSeveralRecordsAreThereWholeOrNotAtAll() {
    run(of(JournalSubject.class).sequences(2).limit(500));
  }

  @Test
  void poolOverAnEarlierOneHoldsNothingOfIt() {
    run(of(KvReusedSubject.class).sequences(1).limit(2000));
  }

  @Test
  void withShortChecksumsOrderAndSequenceHoldWhatIsNotTorn() {
    run(
        KvMutants.test(KvRollSubject.class, List.of(KvMutants.SHORT_CHECKSUMS))
            .seed(seed)
            .wholeStores()
            .sequences(2));
  }

  @Test
  void failedPersistIsNeverAcknowledgedAndALieIsNoticed() {
    run(of(KvSubject.class).sequences(0).persistFaults(2, 10));
    run(of(KvRollSubject.class).sequences(0).persistFaults(1, 10));
  }

  @Test
  void writersAndReadersAtTheSameTimeAgreeOnOneOrder() {
    Report report = run(of(TwoOperations.class).sequences(0).interleave(50, 8));
    assertThat(report.schedules()).isGreaterThan(200);
  }

  /** Few, so that all pairs are soon done; {@link CrashCheck} takes all operations. */
  static final class TwoOperations extends KvSubject {
    @Override
    public List<Operation<KvStore, Map<String, String>>> operations() {
      return List.of(put("a", "1"), delete("a"));
    }
  }

  @Test
  void faultsThatOnlyFailuresOrThreadsShowAreNoticed() {
    for (KvMutants mutants : KvMutants.all()) {
      List<Mutant> some =
          mutants.planted().stream()
              .filter(mutant -> mutant.name().matches("poison.*|unlocked.*|groups-not.*"))
              .toList();
      if (some.isEmpty()) {
        continue;
      }
      Report report = mutants.planting(some).run();
      assertThat(report.mutantResults()).filteredOn(result -> !result.caught()).isEmpty();
    }
  }

  private CrashTest of(Class<? extends Subject<?, ?>> subject) {
    return KvMutants.test(subject, List.of()).seed(seed);
  }

  private static Report run(CrashTest test) {
    Report report = test.run();
    System.out.println(report.summary());
    assertThat(report.violations()).isEmpty();
    assertThat(report.findings()).isEmpty();
    assertThat(report.isSound()).as(report.summary()).isTrue();
    return report;
  }

  /** The lines of the budget file that are no comment. */
  private static List<String> budget() throws IOException {
    try (InputStream file = KvStoreCrashTest.class.getResourceAsStream("crash-budget")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}
