package io.lode.pmem;

import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.libc;
import static io.lode.pmem.SystemFixture.openFd;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.jna.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceLockTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeFile() throws IOException {
    file = fileOf(folder, "file", 4096);
  }

  @Test
  void secondSourceOfTheSameJvmDoesNotGetTheLock() {
    try (Source first = Source.of(file);
        Source second = Source.of(file)) {
      assertThat(first.tryLock()).isTrue();
      assertThat(first.tryLock()).isTrue();
      assertThat(second.tryLock()).isFalse();
    }
  }

  @Test
  void sharedLocksExcludeOnlyExclusiveOnes() {
    try (Source writer = Source.of(file)) {
      try (Source first = Source.of(file);
          Source second = Source.readOnly(file)) {
        assertThat(first.tryLockShared()).isTrue();
        assertThat(second.tryLockShared()).isTrue();
        assertThat(writer.tryLock()).isFalse();
      }
      assertThat(writer.tryLock()).isTrue();
      try (Source third = Source.of(file)) {
        assertThat(third.tryLockShared()).isFalse();
      }
    }
  }

  @Test
  void lockSurvivesOtherStreamsOnTheFileAndOtherProcessesSeeIt() throws Exception {
    try (Source source = Source.of(file)) {
      assertThat(source.tryLock()).isTrue();
      Files.readAllBytes(file);
      assertThat(flockOfAnotherProcess()).isEqualTo(1);
    }
    assertThat(flockOfAnotherProcess()).isZero();
  }

  @Test
  void lockOfABorrowedDescriptorEndsWithTheSource() throws Exception {
    int fd = openFd(file, LibC.O_RDONLY);
    try {
      Source source = Source.ofFd(fd);
      assertThat(source.tryLock()).isTrue();
      assertThat(flockOfAnotherProcess()).isEqualTo(1);
      source.close();
      assertThat(flockOfAnotherProcess()).isZero();
    } finally {
      libc().close(fd);
    }
  }

  private int flockOfAnotherProcess() throws IOException, InterruptedException {
    return new ProcessBuilder("flock", "-n", file.toString(), "true").start().waitFor();
  }
}
