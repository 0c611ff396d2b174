package io.lode.pmem;

import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A DAX file system on the spare device of the emulated machine, where a test may plant bad blocks.
 * Closing it takes them away with the file system, so the next test finds a whole device.
 */
final class SpareFileSystem implements AutoCloseable {
  private static final int PAGE = 4096;

  private final Path device = Testbed.spare();
  private final Path folder;

  SpareFileSystem() throws IOException, InterruptedException {
    this("mkfs.ext4", "-F", "-q", "-b", "4096");
  }

  private SpareFileSystem(String... mkfs) throws IOException, InterruptedException {
    folder = Files.createTempDirectory("lode-spare");
    run(Stream.concat(Stream.of(mkfs), Stream.of(device.toString())).toArray(String[]::new));
    run("mount", "-o", "dax=always", device.toString(), folder.toString());
  }

  /** One whose files can share blocks; unsupported are only its size, of less than 300 MB. */
  static SpareFileSystem withReflinks() throws IOException, InterruptedException {
    return new SpareFileSystem("mkfs.xfs", "--unsupported", "-q", "-f", "-m", "reflink=1");
  }

  Path folder() {
    return folder;
  }

  /** Makes a file of pages, each filled with its own number. */
  Path file(String name, int pages) throws IOException, InterruptedException {
    byte[] content = new byte[pages * PAGE];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i / PAGE);
    }
    Path file = Files.write(folder.resolve(name), content);
    run("sync");
    return file;
  }

  /** Makes sectors of 512 bytes of a file unreadable; they are in one piece. */
  void plant(Path file, long offset, int sectors) throws IOException, InterruptedException {
    Files.writeString(
        sysfs().resolve("badblocks"), sector(file, offset / 512) + " " + sectors + "\n");
  }

  private Path sysfs() {
    return Path.of("/sys/block", device.getFileName().toString());
  }

  /** Where a sector of a file is on the device. A file may be in several pieces. */
  private static long sector(Path file, long sector) throws IOException, InterruptedException {
    String said = run("filefrag", "-b512", "-v", file.toString());
    // "   0:        0..   32767:      34816..     67583:  32768: ..."
    Pattern extent = Pattern.compile("\\d+: +(\\d+)\\.\\. *(\\d+): +(\\d+)\\.\\.");
    Matcher matcher = extent.matcher(said);
    while (matcher.find()) {
      long first = Long.parseLong(matcher.group(1));
      if (first <= sector && sector <= Long.parseLong(matcher.group(2))) {
        return Long.parseLong(matcher.group(3)) + sector - first;
      }
    }
    throw new AssertionError("sector " + sector + " is in a hole: " + said);
  }

  @Override
  public void close() throws IOException {
    try {
      takeAway();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void takeAway() throws IOException, InterruptedException {
    run("umount", folder.toString());
    Files.delete(folder);
    // The driver forgets what was planted when it is attached anew.
    String namespace = Files.readString(sysfs().resolve("device/namespace")).strip();
    run("ndctl", "disable-namespace", namespace);
    run("ndctl", "enable-namespace", namespace);
    assertThat(Files.readString(sysfs().resolve("badblocks")).strip()).isEmpty();
  }
}
