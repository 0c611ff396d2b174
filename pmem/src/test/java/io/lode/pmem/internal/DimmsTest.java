package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DimmsTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = FakeMachine.twoRegions(folder);
  }

  /** A memory device of one family of drivers, in a region. */
  private void dimm(int number, String family, String id, String count) throws IOException {
    String attributes = NFIT + "nmem" + number + "/" + family;
    machine.file(attributes + "/id", id).file(attributes + "/dirty_shutdown", count);
  }

  private void map(int region, int... dimms) throws IOException {
    for (int i = 0; i < dimms.length; i++) {
      machine.file(NFIT + "region" + region + "/mapping" + i, "nmem" + dimms[i] + ",0,1024,0");
    }
  }

  private long count(OpenSource source) {
    return new Dimms(machine.files()).unsafeShutdownCount(source);
  }

  private String id(OpenSource source) {
    return new Dimms(machine.files()).id(source);
  }

  private void unsupported(Runnable call, String why) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            PmemException.class, e -> assertThat(e.error()).isEqualTo(PmemError.NOSUPP))
        .hasMessageContaining(why);
  }

  @Test
  void devicesOfTheRegionAreSummedInOrderOfTheirNumbers() throws IOException {
    dimm(2, "nfit", "8980-b", "3");
    dimm(10, "papr", "8980-c", "40");
    dimm(1, "nfit", "8980-a", "0");
    map(0, 10, 2, 1);
    dimm(3, "nfit", "other", "1000");
    map(1, 3);
    assertThat(count(FakeMachine.file(259, 0))).isEqualTo(43);
    assertThat(id(FakeMachine.file(259, 0))).isEqualTo("8980-a8980-b8980-c");
    assertThat(count(FakeMachine.file(259, 1))).as("partition").isEqualTo(43);
    assertThat(count(FakeMachine.device(252, 0))).isEqualTo(1000);
    assertThat(id(FakeMachine.device(252, 0))).isEqualTo("other");
  }

  @Test
  void countOfCxlDevicesIsReadToo() throws IOException {
    dimm(0, "cxl", "0x1b", "2");
    map(0, 0);
    assertThat(count(FakeMachine.file(259, 0))).isEqualTo(2);
    assertThat(id(FakeMachine.file(259, 0))).isEqualTo("0x1b");
  }

  @Test
  void fileOnSeveralRegionsHasTheDevicesOfAll() throws IOException {
    machine
        .link("dev/block/254:0", "devices/virtual/block/dm-0")
        .link("devices/virtual/block/dm-0/slaves/pmem0", NFIT + "region0/pfn0.0/block/pmem0")
        .link("devices/virtual/block/dm-0/slaves/pmem1", NFIT + "region1/pfn1.0/block/pmem1");
    dimm(0, "nfit", "a", "1");
    dimm(1, "nfit", "b", "2");
    map(0, 0, 1);
    map(1, 1);
    assertThat(count(FakeMachine.file(254, 0))).as("each device once").isEqualTo(3);
    assertThat(id(FakeMachine.file(254, 0))).isEqualTo("ab");
  }

  @Test
  void oneDeviceThatDoesNotTellMakesTheAnswerUnsupported() throws IOException {
    dimm(0, "nfit", "a", "1");
    machine.file(NFIT + "nmem1/nfit/handle", "0x1");
    map(0, 0, 1);
    unsupported(() -> count(FakeMachine.file(259, 0)), "nmem1 has no dirty_shutdown");
    unsupported(() -> id(FakeMachine.file(259, 0)), "nmem1 has no id");
  }

  @Test
  void regionWithoutDevicesIsNotACountOfZero() {
    // libpmem2 returns 0 with success, and an empty id.
    unsupported(() -> count(FakeMachine.file(259, 0)), "region0 names no memory device");
    unsupported(() -> id(FakeMachine.file(259, 0)), "region0 names no memory device");
  }

  @Test
  void sourceOnNoRegionIsUnsupported() {
    unsupported(() -> count(FakeMachine.file(8, 1)), "on no persistent memory region");
    unsupported(() -> id(FakeMachine.device(252, 9)), "on no persistent memory region");
  }
}
