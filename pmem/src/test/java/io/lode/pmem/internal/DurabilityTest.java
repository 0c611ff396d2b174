package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.Granularity;
import io.lode.pmem.GranularityReport;
import io.lode.pmem.SourceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The durability of DAX files, on a machine described by a folder. */
class DurabilityTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = new FakeMachine(folder).region(0, 0, 0, "memory_controller").pmem(0, 0);
  }

  private GranularityReport answer(Optional<Granularity> forced, boolean mapSync) {
    OpenSource file = FakeMachine.file(259, 0);
    assertThat(file.kind()).isEqualTo(SourceKind.FSDAX_FILE);
    return Durability.of(
        file,
        GranularityRules.forShared(forced, mapSync, machine.files().isEadr()),
        new LocationFinder(machine.files()).of(file),
        machine.files());
  }

  @Test
  void regionSaysWhatAPowerFailureSpares() throws IOException {
    assertThat(answer(Optional.empty(), true).durability()).contains("(ADR)");
    machine.file(NFIT + "region0/persistence_domain", "cpu_cache");
    assertThat(answer(Optional.empty(), true).durability()).contains("eADR");
    machine.file(NFIT + "region0/persistence_domain", "");
    assertThat(answer(Optional.empty(), true).durability()).contains("promises nothing");
    machine.file(NFIT + "region0/persistence_domain", "something new");
    assertThat(answer(Optional.empty(), true).durability()).contains("not known");
  }

  @Test
  void virtioMemoryIsAFileOfTheHost() throws IOException {
    machine.file(NFIT + "provider", "virtio-pmem");
    GranularityReport answer = answer(Optional.empty(), false);
    assertThat(answer.granularity()).isEqualTo(Granularity.PAGE);
    assertThat(answer.reason()).contains("virtio-pmem", "MAP_SYNC", "host");
    assertThat(answer.durability()).contains("virtio-pmem", "not known");
    GranularityReport forced = answer(Optional.of(Granularity.CACHE_LINE), false);
    assertThat(forced.reason()).contains("forced");
    assertThat(forced.durability()).contains("emulated", "virtio-pmem");
  }

  @Test
  void daxWithoutMapSyncIsSaidToBeDax() {
    assertThat(answer(Optional.empty(), false).reason())
        .contains("MAP_SYNC")
        .doesNotContain("not a DAX");
  }
}
