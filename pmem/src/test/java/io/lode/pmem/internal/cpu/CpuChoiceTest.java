package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuChoiceTest {
  private static final long LINE_64 = 8 << 8;
  private static final long ALL = LINE_64 | 7;

  private static String flush(long features, Map<String, String> environment)
      throws UnusableException {
    return CpuChoice.ofX86(features, environment).flushName();
  }

  @Test
  void theBestInstructionThatIsThereAndAllowed() throws UnusableException {
    var noClwb = Map.of("PMEM_NO_CLWB", "1");
    var noClflushopt = Map.of("PMEM_NO_CLFLUSHOPT", "1");
    var neither = Map.of("PMEM_NO_CLWB", "1", "PMEM_NO_CLFLUSHOPT", "1");
    assertThat(flush(ALL, Map.of())).isEqualTo("clwb");
    assertThat(flush(ALL, noClwb)).isEqualTo("clflushopt");
    assertThat(flush(ALL, noClflushopt)).isEqualTo("clwb");
    assertThat(flush(ALL, neither)).isEqualTo("clflush");
    assertThat(flush(LINE_64 | 3, Map.of())).isEqualTo("clflushopt");
    assertThat(flush(LINE_64 | 5, noClwb)).isEqualTo("clflush");
    assertThat(flush(LINE_64 | 1, Map.of())).isEqualTo("clflush");
    assertThat(flush(ALL, Map.of("PMEM_NO_CLWB", "yes"))).isEqualTo("clwb");
    assertThat(flush(ALL, Map.of("PMEM_NO_CLWB", "0"))).isEqualTo("clwb");
  }

  @Test
  void anX86WithoutFlushOrWithOtherLinesIsRefused() {
    assertThatExceptionOfType(UnusableException.class)
        .isThrownBy(() -> CpuChoice.ofX86(LINE_64, Map.of()))
        .withMessageContaining("no instruction");
    assertThatExceptionOfType(UnusableException.class)
        .isThrownBy(() -> CpuChoice.ofX86(16 << 8 | 7, Map.of()))
        .withMessageContaining("128");
  }

  @Test
  void thresholdIsReadAsCReadsIt() throws UnusableException {
    assertThat(threshold("4096")).isEqualTo(4096);
    assertThat(threshold("0")).isZero();
    assertThat(threshold(" +7kB")).isEqualTo(7);
    assertThat(threshold("many")).isZero();
    assertThat(threshold("")).isZero();
    assertThat(threshold("-1")).isEqualTo(256);
    assertThat(threshold("99999999999999999999")).isEqualTo(Long.MAX_VALUE);
    assertThat(CpuChoice.ofX86(ALL, Map.of()).streamThreshold()).isEqualTo(256);
  }

  private static long threshold(String text) throws UnusableException {
    return CpuChoice.ofX86(ALL, Map.of("PMEM_MOVNT_THRESHOLD", text)).streamThreshold();
  }

  @Test
  void noMovntLeavesOnlyEntriesThroughTheCaches() throws UnusableException {
    var choice = CpuChoice.ofX86(ALL, Map.of("PMEM_NO_MOVNT", "1"));
    assertThat(choice.streams()).isFalse();
    for (var path : CopyPath.values()) {
      assertThat(choice.entry("copy", path)).doesNotContain("nt");
    }
    assertThat(CpuChoice.ofX86(ALL, Map.of()).entry("fill", CopyPath.STREAM))
        .isEqualTo("fill_nt_clwb");
  }

  @Test
  void aarch64CleansToPersistenceWhereItCan() {
    assertThat(CpuChoice.ofAarch64(1 << 16, 128))
        .isEqualTo(new CpuChoice("dc cvap", "cvap", 128, false, Long.MAX_VALUE));
    assertThat(CpuChoice.ofAarch64(~(1L << 16), 64).flushName()).isEqualTo("dc cvac");
  }
}
