package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.jna.LibC;
import io.lode.pmem.internal.jna.NativeLibraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What tests need of the operating system beyond the JDK. */
final class SystemFixture {
  private SystemFixture() {}

  static LibC libc() {
    return Objects.requireNonNull(NativeLibraries.libc().library());
  }

  static int openFd(Path path, int flags) {
    int fd = libc().open((path + "\0").getBytes(StandardCharsets.UTF_8), flags, 0);
    assertThat(fd).as("open " + path).isNotNegative();
    return fd;
  }

  static boolean isOpen(int fd) {
    return libc().fcntl(fd, LibC.F_GETFL, 0) >= 0;
  }

  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(List.of(command) + ": " + output).isZero();
    return output;
  }

  static Path fileOf(Path folder, String name, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) (i * 31);
    }
    return Files.write(folder.resolve(name), content);
  }

  static PmemException failure(Runnable action) {
    try {
      action.run();
    } catch (PmemException e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }
}
