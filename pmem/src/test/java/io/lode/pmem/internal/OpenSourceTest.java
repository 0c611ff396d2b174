package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.SourceKind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenSourceTest {
  /** A character device that everybody has, here in the place of a dax device. */
  private static final Path DEVICE = Path.of("/dev/null");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "device_dax, DEVDAX",
    "kmem, SYSTEM_RAM_DAX",
    "fsdev_dax, FAMFS_DAX",
    "famfs, FAMFS_DAX"
  })
  void driverTellsWhatADaxDeviceIs(String driver, SourceKind kind) throws IOException {
    FakeMachine machine =
        new FakeMachine(folder)
            .dax(NFIT + "region0", "dax0.0", 0, driver)
            .link("dev/char/1:3", NFIT + "region0/dax0.0");

    OpenSource source = OpenSource.open(DEVICE, false, machine.files());
    try {
      assertThat(source.kind()).isEqualTo(kind);
      assertThat(source.kind().isMappable()).isEqualTo(kind == SourceKind.DEVDAX);
    } finally {
      source.descriptor().close();
    }
  }

  @Test
  void deviceWithoutDriverIsDisabledAndNotLocked() throws IOException {
    String device = NFIT + "region0/dax0.0";
    FakeMachine machine =
        new FakeMachine(folder)
            .file(device + "/size", "4194304")
            .link(device + "/subsystem", "bus/dax")
            .link("dev/char/1:3", device);
    OpenSource source = OpenSource.open(DEVICE, false, machine.files());
    source.descriptor().close();
    assertThat(source.kind()).isEqualTo(SourceKind.DISABLED_DAX);
    assertThat(source.kind().isMappable()).isFalse();
  }
}
