package io.lode.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.bench.run.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
  @TempDir Path folder;

  @Test
  void askingWhetherAFileCanBeWrittenDoesNotMakeIt() {
    Path file = folder.resolve("out.json");
    Outputs.requireWritable(file);
    assertThat(file).doesNotExist();
  }

  @Test
  void folderThatIsNotThereAndFolderInPlaceOfAFileAreRefused() throws IOException {
    Path missing = folder.resolve("missing/out.json");
    Path folderItself = Files.createDirectory(folder.resolve("a"));
    assertThatThrownBy(() -> Outputs.requireWritable(missing))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> Outputs.requireWritable(folderItself))
        .isInstanceOf(BenchException.class);
  }
}
