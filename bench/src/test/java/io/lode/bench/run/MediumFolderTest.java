package io.lode.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediumFolderTest {
  @TempDir Path folder;

  @Test
  void folderWithFilesOfOthersIsRefusedAndLeftAlone() throws IOException {
    Path foreign = Files.writeString(folder.resolve("foreign"), "mine");
    MediumFolder medium = MediumFolder.of(folder.toString());
    assertThatThrownBy(medium::requireEmpty)
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("foreign");
    assertThat(foreign).hasContent("mine");
  }

  @Test
  void emptyFolderWillDoAlsoOfANewFileSystem() throws IOException {
    Files.createDirectory(folder.resolve("lost+found"));
    assertThat(MediumFolder.of(folder.toString()).requireEmpty().emulated()).isFalse();
  }

  @Test
  void mediumThatIsTooSmallIsRefusedWithBothSizes() {
    MediumFolder medium = MediumFolder.of(folder.toString());
    assertThatThrownBy(() -> medium.requireRoom(1L << 60, "ask for less"))
        .isInstanceOfSatisfying(
            BenchException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(BenchException.FULL))
        .hasMessageContaining("GiB");
  }

  @Test
  void whatIsNoFolderIsRefused() {
    assertThatThrownBy(() -> MediumFolder.of("/proc/version")).isInstanceOf(BenchException.class);
    assertThatThrownBy(() -> MediumFolder.of("/no/such")).isInstanceOf(BenchException.class);
    assertThatThrownBy(() -> MediumFolder.of("\0")).isInstanceOf(BenchException.class);
  }
}
