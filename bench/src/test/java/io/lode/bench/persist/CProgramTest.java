package io.lode.bench.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.ScratchMemory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CProgramTest {
  private static final String FLUSH =
      System.getProperty("os.arch").equals("amd64") ? "clwb" : "dc cvac";
  private static final Effort LEAST = new Effort(List.of(64), 1, 1, 1, 2);

  @TempDir Path folder;

  @Test
  void routinesAreCalledFromCWithEveryLength() throws Exception {
    try (ScratchMemory memory = ScratchMemory.in(folder, 1 << 21);
        CProgram c = CProgram.compile(FLUSH)) {
      for (int length : List.of(64, 256, 100, 1 << 20)) {
        for (Call call : Call.values()) {
          assertThat(c.measure(memory.file(), Implementation.C, call, length, LEAST))
              .hasSize(2)
              .allMatch(nanos -> nanos > 1);
        }
      }
    }
  }

  @Test
  void whatTheProgramCannotDoIsSaidInItsWords() throws Exception {
    try (CProgram c = CProgram.compile(FLUSH)) {
      Path missing = folder.resolve("missing");
      assertThatThrownBy(() -> c.measure(missing, Implementation.C, Call.COPY, 64, LEAST))
          .isInstanceOf(BenchException.class)
          .hasMessage("the file cannot be opened");
    }
  }
}
