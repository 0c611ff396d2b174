package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages that cannot be had: what is caught, with its code, before anything behind it is executed,
 * in the interpreter and in C2's code; and what ends the process, as {@link PmemMap} says.
 */
class FaultTest {
  private static final int SIZE = 1 << 16;
  private static final Map<String, String> LINE = Map.of("PMEM2_FORCE_GRANULARITY", "CACHE_LINE");

  /** In memory: thousands of syncs on a disk take minutes. */
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory(Path.of("/dev/shm"), "lode-test");
  }

  @AfterEach
  void deleteFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "page-truncated, copy16",
    "page-truncated, copy2000",
    "page-truncated, streamed",
    "page-truncated, unflushed",
    "page-truncated, fill",
    "page-truncated, from",
    "private-truncated, copy2000",
    "private-truncated, fill",
  })
  void truncatedPageIsIoFail(String kind, String op) throws Exception {
    caught(kind, op, fileOf(folder, "file", SIZE), "IO_FAIL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "store"})
  void accessToATruncatedPageThatEndsWithANativeCallIsAnInternalError(String op) throws Exception {
    caught("page-truncated", op, fileOf(folder, "file", SIZE), "InternalError");
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy16", "copy2000", "streamed", "fill"})
  void holeOfAFullFileSystemIsIoFail(String op) throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    run("mount", "-t", "tmpfs", "-o", "size=64k", "none", mount.toString());
    try {
      Path file = mount.resolve("sparse");
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.write(new byte[4096]);
        sparse.setLength(SIZE);
      }
      run("dd", "if=/dev/zero", "of=" + mount.resolve("rest"), "bs=4096", "count=15");
      caught("page-hole", op, file, "IO_FAIL");
    } finally {
      run("umount", "-l", mount.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closedMapIsAnIllegalState(boolean line) throws Exception {
    Map<String, String> environment = line ? LINE : Map.of();
    Path file = fileOf(folder, "file", SIZE);
    for (String op : new String[] {"copy2000", "fill"}) {
      assertThat(FaultRuns.outcomes(FaultRuns.cold(environment, "closed", op, file)))
          .containsExactly(
              "IllegalStateException", "IllegalStateException", "IllegalStateException");
    }
    assertThat(FaultRuns.outcomes(FaultRuns.hot(environment, "closed", "copy2000", file)))
        .containsExactly("IllegalStateException", "IllegalStateException", "IllegalStateException");
  }

  /** Cold, then compiled; each time the file is made anew. */
  private static void caught(String kind, String op, Path file, String code) throws Exception {
    byte[] content = Files.readAllBytes(file);
    assertThat(FaultRuns.outcomes(FaultRuns.cold(Map.of(), kind, op, file)))
        .containsExactly(code, code, code, "good pages go on");
    if (Files.size(file) != content.length) {
      Files.write(file, content);
    }
    assertThat(FaultRuns.outcomes(FaultRuns.hot(Map.of(), kind, op, file)))
        .containsExactly(code, code, code, "good pages go on");
  }

  /** The two cases of every day that nothing can prevent: see {@link PmemMap}. */
  @ParameterizedTest
  @CsvSource({"line-truncated, copy2000", "line, from-other"})
  void nativeAccessToATruncatedPageEndsTheProcessAsDocumented(String kind, String op)
      throws Exception {
    Path file = fileOf(folder, "file", SIZE);
    ChildJvm.Result result = FaultRuns.cold(LINE, kind, op, file);
    assertThat(result.status()).isNotZero();
    assertThat(result.output()).contains("SIGBUS").doesNotContain("good pages go on");
  }

  @Test
  @SuppressWarnings("restricted")
  void memoryThatMayNotBeWrittenIsNoMapForNativeStores() {
    long address = SystemFixture.libc().mmap(0, 8192, 1, 0x22, -1, 0);
    MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(8192);
    try {
      PmemException e = failure(() -> MapConfig.mapExisting(memory, Granularity.CACHE_LINE));
      assertThat(e.errno()).as(e.getMessage()).isPresent();
      assertThat(e).hasMessageContaining("populate");
    } finally {
      SystemFixture.libc().munmap(address, 8192);
    }
  }
}
