package io.lode.bench.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lode.bench.kv.load.Profile;
import io.lode.bench.kv.load.Workload;
import io.lode.bench.kv.store.Rival;
import io.lode.bench.run.BenchException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final Profile PLAIN = new Profile(16, 200, 5000, 1, List.of());

  @Test
  void lodeIsAlwaysThereAndFirst() {
    assertThat(Selection.rivals("sqlite")).containsExactly(Rival.LODE, Rival.SQLITE);
    assertThat(Selection.rivals("all")).containsExactly(Rival.values());
  }

  @Test
  void whatIsUnknownIsRefusedWithWhatThereIs() {
    assertThatThrownBy(() -> Selection.rivals("lode,berkeley"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("'berkeley'")
        .hasMessageContaining("rocksdbjni");
    assertThatThrownBy(() -> Selection.profiles("get,put", PLAIN))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("'put'")
        .hasMessageContaining("value-sizes");
  }

  @Test
  void workloadsRunInOneOrderWhateverWasTyped() {
    assertThat(Selection.profiles("delete,insert,get", PLAIN))
        .containsExactly(
            new Profile(16, 200, 5000, 1, List.of(Workload.GET, Workload.INSERT, Workload.DELETE)));
  }

  @Test
  void everyKindOfUseIsAProfileOfItsOwn() {
    assertThat(Selection.profiles("two-threads,recovery", PLAIN))
        .extracting(Profile::threads, Profile::isRecovery)
        .containsExactly(tuple(2, false), tuple(1, true));
    assertThat(Selection.profiles("value-sizes", PLAIN)).hasSize(6);
  }

  @Test
  void cleaningIsAProfileOfItsOwnBecauseItsPoolDecidesOnEntries() {
    assertThat(Selection.profiles("cleaning,get", PLAIN))
        .extracting(Profile::workloads, Profile::isCleaning)
        .containsExactly(
            tuple(List.of(Workload.GET), false), tuple(List.of(Workload.CLEANING), true));
  }

  @Test
  void lengthsAndCountsOutsideTheirRangeAreRefused() {
    assertThatThrownBy(() -> Selection.profiles("get", new Profile(4, 200, 5000, 1, List.of())))
        .hasMessageContaining("--key 4");
    assertThatThrownBy(() -> Selection.profiles("get", new Profile(16, 200, 5, 1, List.of())))
        .hasMessageContaining("--keys 5");
    assertThatThrownBy(() -> Selection.profiles("get", new Profile(16, 200, 5000, 0, List.of())))
        .hasMessageContaining("--threads 0");
  }
}
