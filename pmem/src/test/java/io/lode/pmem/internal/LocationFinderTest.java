package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.DeviceLocation;
import io.lode.pmem.PersistenceDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationFinderTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = FakeMachine.twoRegions(folder);
  }

  private DeviceLocation locate(OpenSource source) {
    return new LocationFinder(machine.files()).of(source);
  }

  @Test
  void fileOnAWholeDiskIsInItsRegion() {
    DeviceLocation location = locate(FakeMachine.file(259, 0));
    assertThat(location.device()).contains("pmem0");
    assertThat(location.region()).contains("region0");
    assertThat(location.provider()).contains("ACPI.NFIT");
    assertThat(location.numaNode()).hasValue(1);
    assertThat(location.targetNode()).hasValue(3);
    assertThat(location.persistenceDomain()).isEqualTo(PersistenceDomain.MEMORY_CONTROLLER);
    assertThat(location.cxl()).isFalse();
    assertThat(location.reasons()).isEmpty();
  }

  @Test
  void fileOnAPartitionIsInTheDisksRegion() {
    assertThat(locate(FakeMachine.file(259, 1))).isEqualTo(locate(FakeMachine.file(259, 0)));
  }

  @Test
  void deviceIsInItsRegion() {
    DeviceLocation location = locate(FakeMachine.device(252, 0));
    assertThat(location.device()).contains("dax1.0");
    assertThat(location.region()).contains("region1");
    assertThat(location.numaNode()).hasValue(0);
    assertThat(location.persistenceDomain()).isEqualTo(PersistenceDomain.CPU_CACHE);
  }

  @Test
  void mappedDeviceOnOneDiskIsThatDisk() throws IOException {
    mapped("pmem0");
    assertThat(locate(FakeMachine.file(254, 0))).isEqualTo(locate(FakeMachine.file(259, 0)));
  }

  @Test
  void mappedDeviceOnSeveralDisksHasOnlyWhatTheyShare() throws IOException {
    mapped("pmem0", "pmem1");
    DeviceLocation location = locate(FakeMachine.file(254, 0));
    assertThat(location.device()).contains("pmem0,pmem1");
    assertThat(location.region()).isEmpty();
    assertThat(location.provider()).isEmpty();
    assertThat(location.numaNode()).isEmpty();
    assertThat(location.persistenceDomain()).isEqualTo(PersistenceDomain.UNKNOWN);
    assertThat(location.reasons())
        .anySatisfy(reason -> assertThat(reason).contains("pmem0 on node 1, pmem1 on node 0"));
  }

  private void mapped(String... disks) throws IOException {
    machine
        .file("devices/virtual/block/dm-0/dev", "254:0")
        .link("dev/block/254:0", "devices/virtual/block/dm-0");
    for (String disk : disks) {
      char number = disk.charAt(4);
      machine.link(
          "devices/virtual/block/dm-0/slaves/" + disk,
          NFIT + "region" + number + "/pfn" + number + ".0/block/" + disk);
    }
  }

  @Test
  void deviceOfTheMountIsAskedWhereTheFilesHaveNone() throws IOException {
    machine.mountInfo(
        """
        28 1 0:30 / /other rw - btrfs /dev/pmem1 rw
        29 1 0:31 /sub /mnt rw,noatime shared:1 - btrfs /dev/pmem0 rw
        """);
    OpenSource file = FakeMachine.file(new DeviceNumber(0, 31), 29);
    assertThat(locate(file).device()).contains("pmem0");
    OpenSource unknown = FakeMachine.file(new DeviceNumber(0, 31), 30);
    assertThat(locate(unknown).reasons()).hasSize(1);
  }

  @Test
  void diskThatIsNoPersistentMemoryStillHasANode() throws IOException {
    machine
        .file("devices/pci0000:00/0000:00:01.0/numa_node", "1")
        .file("devices/pci0000:00/0000:00:01.0/nvme/nvme0/nvme0n1/dev", "259:9")
        .link("dev/block/259:9", "devices/pci0000:00/0000:00:01.0/nvme/nvme0/nvme0n1");
    DeviceLocation location = locate(FakeMachine.file(259, 9));
    assertThat(location.numaNode()).hasValue(1);
    assertThat(location.region()).isEmpty();
    assertThat(location.persistenceDomain()).isEqualTo(PersistenceDomain.UNKNOWN);
    assertThat(location.reasons()).containsExactly("nvme0n1 is not on a persistent memory region");
  }

  @Test
  void unknownNodeIsAbsentAndNeverNegative() throws IOException {
    machine.region(2, -1, -1, "").pmem(2, 8);
    DeviceLocation location = locate(FakeMachine.file(259, 8));
    assertThat(location.numaNode()).isEmpty();
    assertThat(location.targetNode()).isEmpty();
    assertThat(location.persistenceDomain()).isEqualTo(PersistenceDomain.NONE);
    assertThat(location.reasons()).containsExactly("the kernel names no NUMA node for pmem2");
  }

  @Test
  void cxlRegionNamesTheNodesOfItsDevices() throws IOException {
    String bus = "devices/platform/ACPI0017:00/root0/nvdimm-bridge0/ndbus1/";
    String cxl = "devices/platform/ACPI0017:00/root0/decoder0.0/region0";
    String port = "devices/platform/ACPI0017:00/root0/port1/endpoint2";
    String memdev = "devices/pci0000:34/0000:35:00.0/mem0";
    machine
        .file(bus + "provider", "CXL")
        .file(bus + "region4/numa_node", "0")
        .file(bus + "region4/size", "268435456")
        .file(bus + "region4/persistence_domain", "memory_controller")
        .dax(bus + "region4/dax4.0", "dax4.0", 7, "device_dax")
        .file(cxl + "/size", "0x10000000")
        .file(cxl + "/target0", "decoder2.0")
        .link("bus/cxl/devices/region0", cxl)
        .link("bus/cxl/devices/decoder2.0", port + "/decoder2.0")
        .file(memdev + "/numa_node", "1")
        .link(port + "/uport", memdev);
    DeviceLocation location = locate(FakeMachine.device(252, 7));
    assertThat(location.cxl()).isTrue();
    assertThat(location.numaNode()).hasValue(0);
    assertThat(location.memdevNodes()).containsExactly(1);
    // As the JSON of the command names them, which prints these reasons.
    assertThat(location.reasons())
        .anySatisfy(reason -> assertThat(reason).contains("numa_node").contains("memdev_nodes"));
  }

  @Test
  void allDevicesAreFoundWithoutTheirFiles() throws IOException {
    machine
        .file("devices/pci0000:00/0000:00:01.0/nvme/nvme0/nvme0n1/dev", "259:9")
        .link("class/block/nvme0n1", "devices/pci0000:00/0000:00:01.0/nvme/nvme0/nvme0n1")
        .link("class/block/pmem0p1", NFIT + "region0/pfn0.0/block/pmem0/pmem0p1");
    List<DeviceLocation> all = new LocationFinder(machine.files()).all();
    assertThat(all)
        .extracting(location -> location.device().orElseThrow())
        .containsExactly("dax1.0", "pmem0", "pmem1");
    assertThat(all.getFirst()).isEqualTo(locate(FakeMachine.device(252, 0)));
    assertThat(all.get(1)).isEqualTo(locate(FakeMachine.file(259, 0)));
  }

  @Test
  void machineWithoutDevicesHasNoLocations() {
    assertThat(new LocationFinder(new DeviceFiles(folder.resolve("none"), folder)).all()).isEmpty();
  }

  @Test
  void missingDeviceIsAReason() {
    DeviceLocation location = locate(FakeMachine.file(8, 1));
    assertThat(location.device()).isEmpty();
    assertThat(location.reasons()).singleElement().asString().contains("8:1");
  }
}
