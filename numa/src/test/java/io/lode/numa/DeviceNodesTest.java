package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNodesTest {
  @TempDir Path root;
  private FakeSysfs machine;

  @BeforeEach
  void plugDevicesIn() throws IOException {
    machine =
        FakeSysfs.cpuless(root)
            .file("devices/pci0000:00/0000:00:1f.2/numa_node", "1")
            .file("devices/pci0000:00/0000:00:1f.2/ata1/block/sda/sda1/partition", "1")
            .file("devices/pci0000:00/0000:00:02.0/numa_node", "-1")
            .file("devices/pci0000:00/0000:00:02.0/net/eth7/mtu", "1500")
            .file("devices/virtual/net/lo/mtu", "65536");
    link("bus/pci/devices/0000:00:1f.2", "devices/pci0000:00/0000:00:1f.2");
    link("class/block/sda1", "devices/pci0000:00/0000:00:1f.2/ata1/block/sda/sda1");
    link("class/net/eth7", "devices/pci0000:00/0000:00:02.0/net/eth7");
    link("class/net/lo", "devices/virtual/net/lo");
  }

  private void link(String from, String to) throws IOException {
    Path link = root.resolve(from);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, root.resolve(to));
  }

  @Test
  void aDeviceNamesTheNodeItIsAttachedTo() {
    Topology topology = machine.topology();
    assertThat(topology.parseNodes("pci:0000:00:1f.2")).hasToString("1");
    assertThat(topology.parseNodes("pci:00:1f.2")).hasToString("1");
    assertThat(topology.parseNodes("block:sda1")).hasToString("1");
  }

  @Test
  void aFileNamesTheNodeOfItsDisk(@TempDir Path disk) throws IOException {
    long device = (Long) Files.getAttribute(disk, "unix:dev");
    long major = device >>> 8 & 0xfff;
    long minor = (device & 0xff) | (device >>> 12 & 0xffffff00L);
    link("dev/block/" + major + ":" + minor, "devices/pci0000:00/0000:00:1f.2/ata1/block/sda/sda1");
    assertThat(machine.topology().parseNodes("file:" + disk)).hasToString("1");
  }

  @Test
  void listsAreReadWithinTheOnlineNodes() {
    Topology topology = machine.topology();
    assertThat(topology.parseNodes("all")).hasToString("0-2");
    assertThat(topology.parseNodes("!1")).hasToString("0,2");
    assertThat(topology.parseNodes("+1-2")).hasToString("1-2");
    assertThat(topology.parseNodes("")).isEqualTo(NodeSet.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "netdev:lo",
        "netdev:eth7",
        "netdev:",
        "netdev:..",
        "netdev:../../etc",
        "netdev:nosuch",
        "block:",
        "block:.",
        "block:no/such",
        "pci:",
        "pci:ffff:ff:1f.7",
        "pci:../x",
        "file:",
        "file:/no/such/file",
        "file:/proc",
        "file:/dev/null",
        "ip:",
        "ip:127.0.0.1",
        "ip:::1",
        "ip:localhost",
        "ip:300.1.1.1",
        "ip:example.org",
        "disk:sda",
        ":",
        "file:\0",
        "3",
        "0-3"
      })
  void whatNamesNoNodeIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.topology().parseNodes(text))
        .withMessageMatching("(?s).+");
  }
}
