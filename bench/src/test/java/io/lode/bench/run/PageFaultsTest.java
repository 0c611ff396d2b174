package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.numa.Numa;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFaultsTest {
  @TempDir Path folder;

  @Test
  void pageOfAFaultIsAPowerOfTwoAndForgivesTheJvmItsOwnFaults() {
    assertThat(PageFaults.pageBytes(32 << 20, 16)).isEqualTo(2 << 20);
    assertThat(PageFaults.pageBytes(32 << 20, 19)).isEqualTo(2 << 20);
    assertThat(PageFaults.pageBytes(32 << 20, 8192)).isEqualTo(4096);
    assertThat(PageFaults.pageBytes(32 << 20, 8200)).isEqualTo(4096);
    assertThat(PageFaults.pageBytes(32 << 20, 0)).isZero();
  }

  @Test
  void pagesOfAFileAreCounted() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[16 << 20]);
    long page = PageFaults.pageBytesOf(file);
    assertThat(page).isGreaterThanOrEqualTo(Numa.pageSizeBytes());
    assertThat(Long.bitCount(page)).isEqualTo(1);
  }
}
