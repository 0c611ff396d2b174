package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies into a map of an ordinary file that go to the file itself. */
class SyncedWriteTest {
  private static final MapConfig PAGE = MapConfig.of(Granularity.PAGE);
  private static final int SIZE = 4 << 20;

  private final byte[] content = new byte[SIZE];

  @TempDir Path folder;

  @BeforeEach
  void makeContent() {
    new Random(8).nextBytes(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 4096, 100_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20})
  void copyIsInTheFileAndInTheMap(int length) throws IOException {
    Path file = blank("file", SIZE);
    // Behind a first page that is not mapped, to places that are not aligned.
    try (Source source = Source.of(file);
        PmemMap map = PAGE.offset(4096).map(source)) {
      stream(map, 5, 7, length);
      assertThat(map.segment().asSlice(5, length).mismatch(contents(7, length))).isEqualTo(-1);
      assertThat(map.segment().get(ValueLayout.JAVA_BYTE, 4)).isZero();
      assertThat(map.segment().get(ValueLayout.JAVA_BYTE, 5 + length)).isZero();
    }
    byte[] written = Files.readAllBytes(file);
    assertThat(written).hasSize(SIZE);
    assertThat(Arrays.copyOfRange(written, 4101, 4101 + length))
        .isEqualTo(Arrays.copyOfRange(content, 7, 7 + length));
  }

  @Test
  void overlappingRangesAreCopiedAsIfThroughABuffer() throws IOException {
    Path file = blank("file", SIZE);
    try (Source source = Source.of(file);
        PmemMap map = PAGE.map(source)) {
      stream(map, 0, 0, 10_000);
      map.copy(100, map.segment(), 0, 10_000, CopyFlags.NON_TEMPORAL);
      assertThat(map.segment().asSlice(100, 10_000).mismatch(contents(0, 10_000))).isEqualTo(-1);
    }
  }

  /** As libpmem2 allows. */
  @Test
  void mapOutlivesItsSource() throws IOException {
    Path file = blank("file", 8192);
    PmemMap map;
    try (Source source = Source.of(file)) {
      map = PAGE.map(source);
    }
    try (map) {
      stream(map, 64, 0, 64);
    }
    assertThat(Arrays.copyOfRange(Files.readAllBytes(file), 64, 128))
        .isEqualTo(Arrays.copyOf(content, 64));
  }

  /** A borrowed number may refer to another file by now, although the source is open. */
  @Test
  void borrowedDescriptorIsNotWrittenTo() throws IOException {
    Path file = blank("file", 8192);
    Path other = blank("other", 8192);
    int fd = SystemFixture.openFd(file, 2);
    try (Source source = Source.ofFd(fd);
        PmemMap map = PAGE.map(source)) {
      SystemFixture.libc().close(fd);
      assertThat(SystemFixture.openFd(other, 2)).isEqualTo(fd);
      stream(map, 64, 0, 64);
    } finally {
      SystemFixture.libc().close(fd);
    }
    assertThat(Arrays.copyOfRange(Files.readAllBytes(file), 64, 128))
        .isEqualTo(Arrays.copyOf(content, 64));
    assertThat(Files.readAllBytes(other)).containsOnly(0);
  }

  @Test
  void refusedWriteIsItsErrnoAndSaysWhere() throws Exception {
    Path file = blank("file", SIZE);
    try (Source source = Source.of(file);
        PmemMap map = PAGE.map(source)) {
      limitFilesOfThisProcess("1048576");
      try {
        PmemException e = failure(() -> stream(map, 2 << 20, 0, 256));
        assertThat(e.errno()).as(e.getMessage()).hasValue(27);
        assertThat(e)
            .hasMessageContaining("map offset 2097152, length 256")
            .hasMessageContaining("EFBIG");
      } finally {
        limitFilesOfThisProcess("unlimited");
      }
    }
    assertThat(Files.readAllBytes(file)).containsOnly(0);
  }

  @Test
  void sourceWithoutMemoryIsIoFailAndNothingIsWritten() throws Exception {
    Path file = blank("file", 8192);
    Path cut = blank("cut", 8192);
    try (Source source = Source.of(file);
        PmemMap map = PAGE.map(source);
        Source short_ = Source.of(cut);
        PmemMap from = PAGE.map(short_)) {
      try (RandomAccessFile shorter = new RandomAccessFile(cut.toFile(), "rw")) {
        shorter.setLength(4096);
      }
      PmemException e =
          failure(() -> map.copy(0, from.segment(), 4096, 256, CopyFlags.NON_TEMPORAL));
      assertThat(e.error()).isEqualTo(PmemError.IO_FAIL);
    }
    assertThat(Files.readAllBytes(file)).containsOnly(0);
  }

  private Path blank(String name, int size) throws IOException {
    return Files.write(folder.resolve(name), new byte[size]);
  }

  private static void limitFilesOfThisProcess(String bytes)
      throws IOException, InterruptedException {
    run("prlimit", "--pid", "" + ProcessHandle.current().pid(), "--fsize=" + bytes + ":");
  }

  private void stream(PmemMap map, long offset, long from, long length) {
    map.copy(offset, contents(from, length), 0, length, CopyFlags.NON_TEMPORAL);
  }

  /** Native memory, as a copy may come from. */
  private MemorySegment contents(long from, long length) {
    MemorySegment memory = Arena.ofAuto().allocate(length);
    return memory.copyFrom(MemorySegment.ofArray(content).asSlice(from, length));
  }
}
