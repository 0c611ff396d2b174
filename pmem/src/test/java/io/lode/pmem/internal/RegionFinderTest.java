package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.NativeLibraries.Loaded;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionFinderTest {
  @TempDir Path folder;

  private final FakeNdctl ndctl = new FakeNdctl();

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws IOException {
    machine =
        new FakeMachine(folder)
            .region(0, 1, 3, "memory_controller")
            .pmem(0, 0)
            .region(1, 0, 2, "memory_controller")
            .pmem(1, 4);
    ndctl.region(1).fsdax("pmem0");
    ndctl.region(0).fsdax("pmem1").devdax(252, 0, 252, 1);
  }

  private int numaNode(OpenSource source) {
    return new RegionFinder(
            machine.files(), new Loaded<>(ndctl, "", false), new Loaded<>(ndctl, "", false))
        .numaNode(source);
  }

  private PmemException failure(OpenSource source) {
    try {
      throw new AssertionError("node " + numaNode(source));
    } catch (PmemException e) {
      return e;
    }
  }

  @Test
  void fileHasTheNodeOfItsRegion() {
    assertThat(numaNode(FakeMachine.file(259, 0))).isEqualTo(1);
    assertThat(numaNode(FakeMachine.file(259, 4))).isZero();
    assertThat(ndctl.contexts()).isZero();
  }

  @Test
  void fileOnAPartitionHasTheNodeOfTheDisk() {
    assertThat(numaNode(FakeMachine.file(259, 1))).isEqualTo(1);
  }

  @Test
  void fileOnAMappedDeviceHasTheNodeOfItsDisks() throws IOException {
    machine
        .link("dev/block/254:0", "devices/virtual/block/dm-0")
        .link("devices/virtual/block/dm-0/slaves/pmem0", NFIT + "region0/pfn0.0/block/pmem0");
    assertThat(numaNode(FakeMachine.file(254, 0))).isEqualTo(1);
    machine.link("devices/virtual/block/dm-0/slaves/pmem1", NFIT + "region1/pfn1.0/block/pmem1");
    PmemException e = failure(FakeMachine.file(254, 0));
    assertThat(e.error()).isEqualTo(PmemError.DAX_REGION_NOT_FOUND);
    assertThat(e).hasMessageContaining("[0, 1]");
  }

  @Test
  void everyDeviceOfASplitNamespaceIsFound() {
    assertThat(numaNode(FakeMachine.device(252, 0))).isZero();
    assertThat(numaNode(FakeMachine.device(252, 1))).isZero();
  }

  @Test
  void deviceWithoutAFileInDevIsFoundByItsRegion() throws IOException {
    machine.dax(NFIT + "region0/dax0.0", "dax0.0", 5, "device_dax");
    FakeNdctl blind = new FakeNdctl();
    blind.region(4).devdax();
    RegionFinder finder =
        new RegionFinder(
            machine.files(), new Loaded<>(blind, "", false), new Loaded<>(blind, "", false));
    assertThat(finder.numaNode(FakeMachine.device(252, 5))).isEqualTo(4);
  }

  @Test
  void disabledNamespacesAndMissingDaxRegionsDoNotEndTheSearch() {
    FakeNdctl sick = new FakeNdctl();
    sick.region(0).fsdax("").withoutDaxRegion();
    sick.region(1).devdax(252, 0);
    RegionFinder finder =
        new RegionFinder(
            machine.files(), new Loaded<>(sick, "", false), new Loaded<>(sick, "", false));
    assertThat(finder.numaNode(FakeMachine.device(252, 0))).isEqualTo(1);
  }

  @Test
  void sourceOnNoRegionIsNotFound() {
    assertThat(failure(FakeMachine.file(8, 1)).code()).isEqualTo(-100026);
    assertThat(failure(FakeMachine.device(252, 9)).code()).isEqualTo(-100026);
    assertThat(ndctl.contexts()).isZero();
  }

  @Test
  void fileIsNotFoundThroughADevdaxNamespace() throws IOException {
    FakeNdctl devdax = new FakeNdctl();
    devdax.region(0).devdax(259, 0);
    RegionFinder finder =
        new RegionFinder(
            machine.files(), new Loaded<>(devdax, "", false), new Loaded<>(devdax, "", false));
    assertThatThrownBy(() -> finder.numaNode(FakeMachine.file(259, 0)))
        .isInstanceOf(PmemException.class);
  }

  @Test
  void unknownNodesAreNoAnswers() {
    for (int unknown : new int[] {-1, -2}) {
      FakeNdctl one = new FakeNdctl();
      one.region(unknown).fsdax("pmem0");
      RegionFinder finder =
          new RegionFinder(
              machine.files(), new Loaded<>(one, "", false), new Loaded<>(one, "", false));
      assertThatThrownBy(() -> finder.numaNode(FakeMachine.file(259, 0)))
          .isInstanceOfSatisfying(
              PmemException.class, e -> assertThat(e.error()).isEqualTo(PmemError.NOSUPP))
          .hasMessageContaining("names no NUMA node");
    }
  }

  @Test
  void failureOfTheContextIsItsErrno() {
    ndctl.failWith(-6);
    PmemException e = failure(FakeMachine.file(259, 0));
    assertThat(e.code()).isEqualTo(-6);
    assertThat(e.errno()).hasValue(6);
  }

  @Test
  void missingLibraryIsNotSupportedAndSaysWhatToInstall() {
    RegionFinder finder =
        new RegionFinder(
            machine.files(),
            new Loaded<>(null, "no such file", false),
            new Loaded<>(ndctl, "", false));
    assertThatThrownBy(() -> finder.numaNode(FakeMachine.file(259, 0)))
        .isInstanceOfSatisfying(
            PmemException.class, e -> assertThat(e.error()).isEqualTo(PmemError.NOSUPP))
        .hasMessageContaining("libndctl6")
        .hasMessageContaining("location()");
  }
}
