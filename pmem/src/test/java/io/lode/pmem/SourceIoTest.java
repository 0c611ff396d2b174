package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing without a map, and what a file knows of devices. */
class SourceIoTest {
  @TempDir Path folder;

  private static MemorySegment bytes(int count) {
    return MemorySegment.ofArray(new byte[count]);
  }

  @Test
  void whatIsReadIsWhatTheFileHolds() throws IOException {
    // Longer than one piece of the transfer, and not a multiple of it.
    int size = (2 << 20) + 5000;
    Path file = fileOf(folder, "file", size);
    byte[] content = Files.readAllBytes(file);
    try (Source source = Source.readOnly(file);
        Arena arena = Arena.ofConfined()) {
      MemorySegment heap = bytes(size);
      source.read(0, heap);
      assertThat(heap.toArray(JAVA_BYTE)).isEqualTo(content);
      MemorySegment memory = arena.allocate(5001);
      source.read(size - 5001, memory);
      assertThat(memory.toArray(JAVA_BYTE))
          .isEqualTo(Arrays.copyOfRange(content, size - 5001, size));
      source.read(size, bytes(0));
    }
  }

  @Test
  void whatIsWrittenIsInTheFileAndNothingElseIs() throws IOException {
    Path file = fileOf(folder, "file", (1 << 20) + 100);
    byte[] expected = Files.readAllBytes(file);
    byte[] content = new byte[1 << 20];
    Arrays.fill(content, (byte) 9);
    System.arraycopy(content, 0, expected, 33, content.length);
    try (Source source = Source.of(file)) {
      source.write(33, MemorySegment.ofArray(content));
      source.write((1 << 20) + 100, bytes(0));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void fileBecomesLongerByZerosThatAreWritten() throws IOException {
    int size = 5000;
    Path file = fileOf(folder, "file", size);
    byte[] before = Files.readAllBytes(file);
    long longer = (3 << 20) + 123;
    try (Source source = Source.of(file)) {
      source.extend(longer);
      assertThat(source.sizeBytes()).isEqualTo(longer);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(Arrays.copyOf(before, (int) longer));
  }

  @Test
  void fileThatCannotBecomeLongerHasItsOldLength() throws IOException {
    Path file = fileOf(folder, "file", 5000);
    try (Source source = Source.of(file);
        Source reader = Source.readOnly(file);
        Source memory = Source.anonymous(1 << 20)) {
      for (long wrong : new long[] {Long.MIN_VALUE, -1, 0, 4999, 5000}) {
        assertThatThrownBy(() -> source.extend(wrong))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("5000");
      }
      assertThat(failure(() -> source.extend(Long.MAX_VALUE)).errno()).isPresent();
      assertThat(failure(() -> source.extend(1L << 50)).errno()).isPresent();
      assertThat(failure(() -> reader.extend(6000)).errno()).hasValue(9);
      assertThat(failure(() -> memory.extend(2 << 20)).error())
          .isEqualTo(PmemError.SOURCE_TYPE_NOT_SUPPORTED);
    }
    assertThat(Files.size(file)).isEqualTo(5000);
  }

  @Test
  void nothingPassesTheEndOfTheFile() throws IOException {
    // libpmem2 grows the file, and reads nothing with success: its check forgets large offsets.
    Path file = fileOf(folder, "file", 5000);
    try (Source source = Source.of(file)) {
      long[][] ranges = {{4999, 2}, {5000, 1}, {5001, 0}, {8192, 10}, {Long.MAX_VALUE, 1}};
      for (long[] range : ranges) {
        PmemException read = failure(() -> source.read(range[0], bytes((int) range[1])));
        assertThat(read.error()).isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
        PmemException write = failure(() -> source.write(range[0], bytes((int) range[1])));
        assertThat(write.error()).isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
        assertThat(write).hasMessageContaining("5000 bytes");
      }
      assertThatThrownBy(() -> source.read(-1, bytes(1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> source.read(0, bytes(1).asReadOnly()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Files.size(file)).isEqualTo(5000);
  }

  @Test
  void sourceForReadingIsNotWritten() throws IOException {
    Path file = fileOf(folder, "file", 100);
    try (Source source = Source.readOnly(file)) {
      PmemException e = failure(() -> source.write(0, bytes(10)));
      assertThat(e.errno()).hasValue(9);
      assertThat(e).hasMessageContaining("open it for reading and writing");
    }
  }

  @Test
  void anonymousMemoryHasNeitherBytesNorADevice() {
    try (Source source = Source.anonymous(4096)) {
      assertThat(failure(() -> source.read(0, bytes(1))).error())
          .isEqualTo(PmemError.SOURCE_TYPE_NOT_SUPPORTED);
      assertThat(failure(() -> source.write(0, bytes(1))).error())
          .isEqualTo(PmemError.SOURCE_TYPE_NOT_SUPPORTED);
      assertThat(failure(source::deviceId).error()).isEqualTo(PmemError.NOSUPP);
      assertThat(failure(source::unsafeShutdownCount).error()).isEqualTo(PmemError.NOSUPP);
      assertThat(failure(source::badBlocks).error()).isEqualTo(PmemError.NOSUPP);
      assertThat(failure(() -> source.clearBadBlock(new BadBlock(0, 512))).error())
          .isEqualTo(PmemError.NOSUPP);
    }
  }

  @Test
  void ordinaryFileHasNoIdNoCountAndNoBadBlocks() throws IOException {
    try (Source source = Source.of(fileOf(folder, "file", 8192))) {
      assertThat(failure(source::deviceId).error()).isEqualTo(PmemError.NOSUPP);
      assertThat(failure(source::unsafeShutdownCount).error()).isEqualTo(PmemError.NOSUPP);
      assertThat(source.badBlocks()).isEmpty();
      assertThat(failure(() -> source.clearBadBlock(new BadBlock(0, 4096))).error())
          .isEqualTo(PmemError.NO_BAD_BLOCK_FOUND);
    }
  }

  @Test
  void closedSourceIsAnIllegalState() throws IOException {
    Source source = Source.of(fileOf(folder, "file", 8192));
    source.close();
    for (Runnable call :
        new Runnable[] {
          source::badBlocks,
          source::deviceId,
          source::unsafeShutdownCount,
          source::namespaces,
          () -> source.read(0, bytes(1)),
          () -> source.write(0, bytes(1)),
          () -> source.clearBadBlock(new BadBlock(0, 1))
        }) {
      assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void badBlockIsARange() {
    for (long[] wrong : new long[][] {{-1, 1}, {0, 0}, {0, -1}, {Long.MAX_VALUE, 1}}) {
      assertThatThrownBy(() -> new BadBlock(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new BadBlock(512, 1024).end()).isEqualTo(1536);
  }
}
