package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The emulated firmware cannot clear errors: asking it through libndctl is an answer. */
class ClearErrorIT {
  @Test
  void busThatCannotClearIsUnsupported() {
    Platform machine = Platform.ofThisMachine();
    OpenSource device =
        OpenSource.open(Path.of(System.getenv("LODE_DEVDAX")), true, machine.files());
    try (Descriptor _ = device.descriptor()) {
      Path folder = machine.files().characterDevice(device.status().device()).orElseThrow();
      long address = BadBlocks.resource(folder, device);
      assertThat(address).isPositive();
      assertThatThrownBy(() -> machine.regionFinder().clearError(device, address, 4096))
          .isInstanceOfSatisfying(
              PmemException.class, e -> assertThat(e.error()).isEqualTo(PmemError.NOSUPP))
          .hasMessageContaining("cannot clear errors");
    }
  }
}
