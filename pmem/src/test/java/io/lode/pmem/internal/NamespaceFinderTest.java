package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceFinderTest {
  private static final String FIRST = "0b1d1a3e-4f0a-4c8e-9c56-4f9f1e1d2a01";
  private static final String SECOND = "5a5f1c52-93a1-4f55-8f3e-0c1f6a7b8c02";
  private static final OpenSource DEVICE = FakeMachine.device(252, 0);

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = FakeMachine.twoRegions(folder);
  }

  private List<Namespace> of(OpenSource source) {
    return new NamespaceFinder(machine.files()).of(source);
  }

  private static Namespace namespace(String device, String name, String uuid) {
    return new Namespace(
        device, Optional.of(name).filter(s -> !s.isEmpty()), UUID.fromString(uuid));
  }

  @Test
  void uuidIsTheModesAndTheNameIsTheNamespaces() throws IOException {
    machine
        .file(NFIT + "region1/dax1.0/uuid", FIRST)
        .file(NFIT + "region1/dax1.0/namespace", "namespace1.2")
        .file(NFIT + "region1/namespace1.2/uuid", SECOND)
        .file(NFIT + "region1/namespace1.2/alt_name", "ledger");
    assertThat(of(DEVICE)).containsExactly(namespace("namespace1.2", "ledger", FIRST));
  }

  @Test
  void fileIsOnTheNamespaceOfItsDiskAlsoOnAPartition() throws IOException {
    machine
        .file(NFIT + "region0/pfn0.0/uuid", FIRST)
        .file(NFIT + "region0/pfn0.0/namespace", "namespace0.0")
        .file(NFIT + "region0/namespace0.0/alt_name", "");
    for (int minor = 0; minor < 2; minor++) {
      assertThat(of(FakeMachine.file(259, minor)))
          .containsExactly(namespace("namespace0.0", "", FIRST));
    }
  }

  @Test
  void rawNamespaceHasItsOwnUuid() throws IOException {
    String disk = NFIT + "region0/namespace0.1/block/pmem0.1";
    machine
        .file(disk + "/dev", "259:9")
        .link("dev/block/259:9", disk)
        .file(NFIT + "region0/namespace0.1/uuid", SECOND)
        .file(NFIT + "region0/namespace0.1/alt_name", "raw");
    assertThat(of(FakeMachine.file(259, 9)))
        .containsExactly(namespace("namespace0.1", "raw", SECOND));
  }

  @Test
  void fileSystemOnTwoNamespacesIsOnBoth() throws IOException {
    machine
        .link("dev/block/253:0", "devices/virtual/block/dm-0")
        .link("devices/virtual/block/dm-0/slaves/pmem0", NFIT + "region0/pfn0.0/block/pmem0")
        .link("devices/virtual/block/dm-0/slaves/pmem1", NFIT + "region1/pfn1.0/block/pmem1")
        .file(NFIT + "region0/pfn0.0/uuid", FIRST)
        .file(NFIT + "region1/pfn1.0/uuid", SECOND);
    assertThat(of(FakeMachine.file(253, 0)).stream().map(n -> n.uuid().toString()))
        .containsExactly(FIRST, SECOND);
  }

  /** The uuid of the region of a CXL device says nothing of what was made on it. */
  @Test
  void thereIsNoneWithoutAUuidBelowTheRegion() throws IOException {
    machine.file(NFIT + "region1/uuid", FIRST);
    assertThat(of(DEVICE)).isEmpty();
    for (String nothing : List.of("", "(null)", "00000000-0000-0000-0000-000000000000")) {
      machine.file(NFIT + "region1/dax1.0/uuid", nothing);
      assertThat(of(DEVICE)).as(nothing).isEmpty();
    }
    assertThat(of(FakeMachine.file(8, 1))).as("a disk").isEmpty();
  }
}
