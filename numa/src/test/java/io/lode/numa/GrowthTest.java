package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing native grows with use. */
class GrowthTest {
  private static final int ROUNDS = 100_000;
  private static final NodeSet ALLOWED = MemoryPolicy.allowedNodes();

  @Test
  void aHundredThousandMasksScopesAndArenasLeaveNothingBehind() throws IOException {
    use(2_000);
    long mappings = mappings();
    long descriptors = descriptors();
    long heap = nativeHeapKiB();
    use(ROUNDS);
    // Threads and arenas of the C library's allocator come and go with the collector.
    assertThat(mappings()).isLessThan(mappings + 50);
    assertThat(descriptors()).isLessThan(descriptors + 5);
    assertThat(nativeHeapKiB()).isLessThan(heap + 8 * 1024);
  }

  private static void use(int rounds) {
    CpuSet cpus = Affinity.current();
    MemoryPolicy policy = MemoryPolicy.interleave(ALLOWED);
    long bits = 0;
    for (int i = 0; i < rounds; i++) {
      bits += CpuSet.parse("0-" + i % 300).size();
      try (Affinity.Scope _ = Affinity.pin(cpus)) {
        bits++;
      }
      try (PolicyScope _ = policy.apply()) {
        bits++;
      }
      try (NumaArena arena = NumaArena.of(policy)) {
        bits += arena.allocate(8192).byteSize();
      }
    }
    assertThat(bits).isPositive();
  }

  private static long mappings() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.count();
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  /** The C heap grows at the program break. */
  private static long nativeHeapKiB() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines
              .filter(line -> line.endsWith("[heap]"))
              .map(line -> line.split("[- ]", 3))
              .mapToLong(ends -> Long.parseLong(ends[1], 16) - Long.parseLong(ends[0], 16))
              .sum()
          / 1024;
    }
  }
}
