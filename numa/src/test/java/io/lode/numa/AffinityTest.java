package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class AffinityTest {
  @Test
  void eachAllowedCpuCanBePinnedToAndTheKernelAgrees() throws Exception {
    CpuSet before = Affinity.current();
    for (int cpu : before.stream().toArray()) {
      try (Affinity.Scope scope = Affinity.pin(CpuSet.of(cpu))) {
        assertThat(scope.cpus()).isEqualTo(CpuSet.of(cpu));
        assertThat(Affinity.current()).isEqualTo(CpuSet.of(cpu));
        assertThat(Affinity.currentCpu()).isEqualTo(cpu);
        assertThat(statusMask()).isEqualTo(CpuSet.of(cpu));
      }
      assertThat(statusMask()).isEqualTo(before);
    }
  }

  private static CpuSet statusMask() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> CpuSet.parse(line.substring(line.indexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void scopesClosedInAnyOrderEndWhereTheyBegan() {
    CpuSet before = Affinity.current();
    CpuSet one = CpuSet.of(before.first().orElseThrow());
    Affinity.Scope outer = Affinity.pin(one);
    Affinity.Scope middle = Affinity.pin(CpuSet.of(before.last().orElseThrow()));
    Affinity.Scope inner = Affinity.pin(one);
    middle.close();
    assertThat(Affinity.current()).isEqualTo(one);
    outer.close();
    assertThat(Affinity.current()).isEqualTo(one);
    inner.close();
    assertThat(Affinity.current()).isEqualTo(before);
    inner.close();
    outer.close();
    assertThat(Affinity.current()).isEqualTo(before);
  }

  @Test
  void aScopeIsClosedByItsOwnThreadAlone() throws Exception {
    try (Affinity.Scope scope = Affinity.pin(Affinity.current())) {
      onThread(
          Thread.ofPlatform(),
          () -> {
            assertThatIllegalStateException()
                .isThrownBy(scope::close)
                .withMessageContaining("must be closed by it");
            return 0;
          });
    }
  }

  @Test
  void virtualThreadsAreRefused() throws Exception {
    onThread(
        Thread.ofVirtual(),
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> Affinity.pin(CpuSet.of(0)))
              .withMessageContaining("virtual thread");
          assertThatIllegalStateException().isThrownBy(Affinity::current);
          return 0;
        });
  }

  @Test
  void cpusThatAreNotThereAreRefusedAndNothingChanges() {
    CpuSet before = Affinity.current();
    int absent = Topology.snapshot().possibleCpus().last().orElseThrow() + 1;
    assertThatIllegalArgumentException().isThrownBy(() -> Affinity.pin(CpuSet.empty()));
    assertThatThrownBy(() -> Affinity.pin(CpuSet.of(absent)))
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("EINVAL")
        .hasMessageContaining(String.valueOf(absent));
    // The kernel itself would drop the absent one and report success.
    assertThatThrownBy(() -> Affinity.pin(before.union(CpuSet.of(absent))))
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("only " + before);
    assertThatThrownBy(() -> Affinity.pin(CpuSet.of(1 << 19))).isInstanceOf(NumaException.class);
    assertThat(Affinity.current()).isEqualTo(before);
  }

  @Test
  void anotherThreadIsPinnedByItsKernelId() throws Exception {
    CpuSet one = CpuSet.of(Affinity.current().last().orElseThrow());
    int caller = Affinity.currentTid();
    CpuSet before = Affinity.of(caller);
    onThread(
        Thread.ofPlatform(),
        () -> {
          Affinity.set(caller, one);
          return 0;
        });
    assertThat(Affinity.current()).isEqualTo(one);
    Affinity.set(caller, before);
    assertThat(Affinity.current()).isEqualTo(before);
  }

  @Test
  void threadIdsThatAreNoneAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Affinity.of(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Affinity.set(-1, CpuSet.of(0)));
    assertThatThrownBy(() -> Affinity.of(Integer.MAX_VALUE))
        .isInstanceOfSatisfying(NumaException.class, e -> assertThat(e.errno()).isEqualTo(3))
        .hasMessageContaining("ESRCH");
  }

  @Test
  void theMaskOfTheProcessIsNotThatOfAPinnedThread() throws Exception {
    CpuSet one = CpuSet.of(Affinity.current().first().orElseThrow());
    CpuSet process = Affinity.ofProcess();
    CpuSet seen =
        onThread(
            Thread.ofPlatform(),
            () -> {
              try (Affinity.Scope _ = Affinity.pin(one)) {
                return Affinity.ofProcess();
              }
            });
    assertThat(seen).isEqualTo(process);
  }

  static <T> T onThread(Thread.Builder builder, Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    builder.start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failure) {
        throw failure;
      }
      throw e;
    }
  }
}
