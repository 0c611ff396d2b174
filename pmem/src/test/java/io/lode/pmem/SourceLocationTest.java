package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.internal.RecordingRoutines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceLocationTest {
  @TempDir Path folder;

  @Test
  void ordinaryFileIsOnNoRegion() throws IOException {
    Path file = fileOf(folder, "file", 4096);
    try (Source source = Source.of(file)) {
      PmemException e = failure(source::numaNode);
      assertThat(e.code()).isEqualTo(-100026);
      assertThat(e).hasMessageContaining(file.toString());
      assertThat(source.region()).isEmpty();
      assertThat(source.persistenceDomain()).isEqualTo(PersistenceDomain.UNKNOWN);
      assertThat(source.location().reasons()).isNotEmpty();
      assertThat(source.location().cxl()).isFalse();
    }
  }

  @Test
  void anonymousMemoryHasNoNode() {
    try (Source source = Source.anonymous(4096)) {
      assertThat(failure(source::numaNode).error()).isEqualTo(PmemError.NOSUPP);
      assertThat(source.location().reasons()).isNotEmpty();
      assertThat(source.targetNode()).isEmpty();
      assertThat(source.granularity().granularity()).isEqualTo(Granularity.BYTE);
    }
  }

  @Test
  void closedSourceHasNoLocation() throws IOException {
    Source source = Source.of(fileOf(folder, "file", 4096));
    source.close();
    assertThatThrownBy(source::location).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(source::numaNode).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(source::granularity).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void askingForTheGranularityChangesNothing() throws Exception {
    for (int bytes : new int[] {0, 1, 5000}) {
      Path file = fileOf(folder, "file" + bytes, bytes);
      byte[] before = Files.readAllBytes(file);
      for (Source source : new Source[] {Source.of(file), Source.readOnly(file)}) {
        try (source) {
          GranularityReport answer = source.granularity();
          assertThat(answer.granularity()).isEqualTo(Granularity.PAGE);
          assertThat(answer.emulated()).isFalse();
          assertThat(answer.reason()).contains("MAP_SYNC");
          assertThat(answer.durability()).isNotBlank();
        }
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
  }

  @Test
  void memoryFileSystemPromisesNothing() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "none", mount.toString());
    try (Source source = Source.of(fileOf(mount, "file", 4096))) {
      assertThat(source.granularity().durability()).contains("nothing survives");
    } finally {
      run("umount", "-l", mount.toString());
    }
  }

  @Test
  void forcedGranularityIsSaidToBeEmulated() throws IOException {
    Path file = fileOf(folder, "file", 4096);
    try (Source source =
        Source.open(file, true, RecordingRoutines.noRoutines(Granularity.CACHE_LINE))) {
      GranularityReport answer = source.granularity();
      assertThat(answer.granularity()).isEqualTo(Granularity.CACHE_LINE);
      assertThat(answer.emulated()).isTrue();
      assertThat(answer.reason()).contains("forced").contains("PAGE");
      assertThat(answer.durability()).contains("emulated");
    }
  }
}
