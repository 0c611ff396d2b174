package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.cpu.MapMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deep flush of a devdax device: lines, fence, then what its region's file says. */
class DeepFlushTest {
  private static final MapMemory MEMORY =
      MapMemory.borrowed("the device", Arena.ofAuto().allocate(8192, 4096));

  @TempDir Path region;

  private final RecordingRoutines routines = new RecordingRoutines();

  private Path attribute() {
    return region.resolve("deep_flush");
  }

  private void flush() {
    new DeepFlush.OfDevice(routines, region, "the device").range(MEMORY, 100, 200);
    assertThat(routines.calls).containsExactly("flush 100 200", "drain");
  }

  @Test
  void regionWithBuffersIsTold() throws IOException {
    Files.writeString(attribute(), "1\n");
    flush();
    assertThat(attribute()).as("the kernel takes any true word").hasContent("1");
    assertThat(Files.size(attribute())).as("written anew").isEqualTo(1);
  }

  @Test
  void regionWithoutBuffersIsNotWritten() throws IOException {
    Files.writeString(attribute(), "0\n");
    flush();
    assertThat(Files.size(attribute())).isEqualTo(2);
  }

  @Test
  void regionThatSaysNothingHasNothingBehindItsLines() {
    flush();
    assertThat(attribute()).doesNotExist();
  }

  @Test
  void refusalIsAFailureAndNotASuccess() throws IOException {
    Files.createDirectory(attribute());
    assertThatThrownBy(this::flush)
        .isInstanceOfSatisfying(
            PmemException.class, e -> assertThat(e.error()).isEqualTo(PmemError.IO_FAIL))
        .hasMessageContaining("deep_flush")
        .hasMessageContaining("root");
    assertThat(routines.calls).as("the lines come first").containsExactly("flush 100 200", "drain");
  }

  @Test
  void deviceOnNoRegionIsNotFound() {
    assertThatThrownBy(
            () -> new DeepFlush.OfDevice(routines, null, "the device").range(MEMORY, 0, 64))
        .isInstanceOfSatisfying(
            PmemException.class,
            e -> assertThat(e.error()).isEqualTo(PmemError.DAX_REGION_NOT_FOUND));
  }

  @Test
  void readOnlyMapHasNoLinesOfItsOwn() throws IOException {
    Files.writeString(attribute(), "1\n");
    new DeepFlush.OfDevice(null, region, "the device").range(MEMORY, 0, 64);
    assertThat(Files.size(attribute())).isEqualTo(1);
  }
}
