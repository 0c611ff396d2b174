package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.isOpen;
import static io.lode.pmem.SystemFixture.libc;
import static io.lode.pmem.SystemFixture.openFd;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.internal.jna.LibC;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SourceTest {
  private static final int EACCES_OR_EPERM_OF_ROOT = 30;

  @TempDir Path folder;

  @Test
  void ordinaryFileHasKindSizeAndPageAlignment() throws IOException {
    Path file = fileOf(folder, "file", 5000);
    try (Source source = Source.of(file)) {
      assertThat(source.kind()).isEqualTo(SourceKind.FILE);
      assertThat(source.sizeBytes()).isEqualTo(5000);
      assertThat(source.alignmentBytes()).isEqualTo(libc().getpagesize());
      assertThat(source.path()).contains(file);
      assertThat(source.isWritable()).isTrue();
    }
  }

  @Test
  void sizeFollowsTheFile() throws IOException {
    Path file = fileOf(folder, "file", 100);
    try (Source source = Source.of(file);
        RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
      other.setLength(9000);
      assertThat(source.sizeBytes()).isEqualTo(9000);
    }
  }

  @Test
  void missingPathIsNamed() {
    Path missing = folder.resolve("missing");
    PmemException e = failure(() -> Source.of(missing));
    assertThat(e.errno()).hasValue(2);
    assertThat(e.code()).isEqualTo(-2);
    assertThat(e.error()).isEqualTo(PmemError.UNKNOWN);
    assertThat(e).hasMessageContaining(missing.toString()).hasMessageContaining("ENOENT");
    assertThat(missing).doesNotExist();
  }

  @Test
  void onlyFilesAndDaxDevicesAreOpened() throws Exception {
    Path fifo = folder.resolve("fifo");
    run("mkfifo", fifo.toString());
    Path block = folder.resolve("block");
    run("mknod", block.toString(), "b", "7", "0");
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      for (Path path : new Path[] {folder, fifo, block, socket, Path.of("/dev/null")}) {
        PmemException e = failure(() -> Source.of(path));
        assertThat(e.error()).as(path.toString()).isEqualTo(PmemError.INVALID_FILE_TYPE);
        assertThat(e).hasMessageContaining(path.toString());
        assertThat(failure(() -> Source.readOnly(path)).error())
            .isEqualTo(PmemError.INVALID_FILE_TYPE);
      }
    }
  }

  @Test
  void aDeviceOfTheWrongTypeIsNeverOpened() throws Exception {
    // A device number without a driver: opening it would be ENXIO, not a wrong type.
    Path device = folder.resolve("device");
    run("mknod", device.toString(), "c", "10", "254");
    assertThat(failure(() -> Source.of(device)).error()).isEqualTo(PmemError.INVALID_FILE_TYPE);
  }

  @Test
  void readOnlySourceIsNotWritable() throws IOException {
    try (Source source = Source.readOnly(fileOf(folder, "file", 4096))) {
      assertThat(source.isWritable()).isFalse();
    }
  }

  @Test
  void fileOnReadOnlyFileSystemOpensReadOnlyOnly() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "none", mount.toString());
    try {
      Path file = fileOf(mount, "file", 4096);
      run("mount", "-o", "remount,ro", mount.toString());
      assertThat(failure(() -> Source.of(file)).errno()).hasValue(EACCES_OR_EPERM_OF_ROOT);
      try (Source source = Source.readOnly(file)) {
        assertThat(source.sizeBytes()).isEqualTo(4096);
      }
    } finally {
      run("umount", mount.toString());
    }
  }

  @Test
  void linksAreFollowedAndNamesNeedNotBeAscii() throws IOException {
    Path file = fileOf(folder, "file", 4096);
    Path link = Files.createSymbolicLink(folder.resolve("a link"), file);
    try (Source source = Source.of(link)) {
      assertThat(source.sizeBytes()).isEqualTo(4096);
    }
  }

  @Test
  void pathOfAnotherFileSystemIsACallersMistake() throws IOException {
    Path zip = folder.resolve("a.zip");
    try (var files = FileSystems.newFileSystem(zip, java.util.Map.of("create", "true"))) {
      assertThatThrownBy(() -> Source.of(files.getPath("x")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void borrowedDescriptorStaysOpen() throws IOException {
    int fd = openFd(fileOf(folder, "file", 4096), LibC.O_RDWR);
    try {
      Source source = Source.ofFd(fd);
      assertThat(source.path()).isEmpty();
      assertThat(source.isWritable()).isTrue();
      assertThat(source.sizeBytes()).isEqualTo(4096);
      source.close();
      assertThat(isOpen(fd)).isTrue();
    } finally {
      libc().close(fd);
    }
  }

  @Test
  void descriptorsThatCannotBeReadAreRefused() throws IOException {
    Path file = fileOf(folder, "file", 4096);
    int writeOnly = openFd(file, LibC.O_WRONLY);
    assertThat(failure(() -> Source.ofFd(-1)).error()).isEqualTo(PmemError.INVALID_FILE_HANDLE);
    assertThat(failure(() -> Source.ofFd(writeOnly)).error())
        .isEqualTo(PmemError.INVALID_FILE_HANDLE);
    libc().close(writeOnly);
    assertThat(failure(() -> Source.ofFd(writeOnly)).error())
        .isEqualTo(PmemError.INVALID_FILE_HANDLE);
    int directory = openFd(folder, LibC.O_RDONLY);
    assertThat(failure(() -> Source.ofFd(directory)).error())
        .isEqualTo(PmemError.INVALID_FILE_TYPE);
    libc().close(directory);
  }

  @Test
  void anonymousSourceHasItsSize() {
    try (Source source = Source.anonymous(12345)) {
      assertThat(source.kind()).isEqualTo(SourceKind.ANONYMOUS);
      assertThat(source.sizeBytes()).isEqualTo(12345);
      assertThat(source.tryLock()).isTrue();
    }
    assertThatThrownBy(() -> Source.anonymous(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closedSourceIsAnIllegalState() throws IOException {
    Source source = Source.of(fileOf(folder, "file", 4096));
    source.close();
    source.close();
    assertThatThrownBy(source::sizeBytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(source::tryLock).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> MapConfig.of(Granularity.PAGE).map(source))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void openingAndClosingLeaksNoDescriptor() throws IOException {
    Path file = fileOf(folder, "file", 4096);
    long before = descriptors();
    for (int i = 0; i < 200; i++) {
      try (Source source = Source.of(file)) {
        source.tryLock();
      }
      failure(() -> Source.of(folder));
    }
    assertThat(descriptors()).isLessThan(before + 50);
  }

  private static long descriptors() throws IOException {
    try (var list = Files.list(Path.of("/proc/self/fd"))) {
      return list.count();
    }
  }
}
