package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A file system with DAX on the spare device of the emulated machine, where a test may plant bad
 * blocks. Closing it takes them away with the file system, so the next test finds a whole device.
 */
final class SpareFileSystem implements AutoCloseable {
  private final Path device = Path.of(System.getenv("LODE_SPARE"));
  private final Path folder;

  SpareFileSystem() throws IOException {
    this("mkfs.ext4", "-F", "-q", "-b", "4096");
  }

  private SpareFileSystem(String... mkfs) throws IOException {
    folder = Files.createTempDirectory("lode-spare");
    SystemCommand.run(Stream.concat(Stream.of(mkfs), Stream.of(device)).toArray());
    SystemCommand.run("mount", "-o", "dax=always", device.toString(), folder.toString());
  }

  /** One whose files can share blocks; unsupported is only its size, of less than 300 MB. */
  static SpareFileSystem withReflinks() throws IOException {
    return new SpareFileSystem("mkfs.xfs", "--unsupported", "-q", "-f", "-m", "reflink=1");
  }

  /** Makes a clone of a file, which shares its blocks. */
  void reflink(Path file, Path clone) throws IOException {
    SystemCommand.run("cp", "--reflink=always", file.toString(), clone.toString());
  }

  /** Leaves no room, until the file that is returned is deleted. */
  Path fill() throws IOException {
    Path filler = folder.resolve("filler");
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space");
    }
    SystemCommand.run("sync");
    return filler;
  }

  Path folder() {
    return folder;
  }

  /** Makes a page of a file unreadable. */
  void plantBadPage(Path file, long offset) throws IOException {
    long sector = firstSector(file) + offset / 512;
    Files.writeString(sysfs().resolve("badblocks"), sector + " 8\n");
  }

  private Path sysfs() {
    return Path.of("/sys/block", device.getFileName().toString());
  }

  /** Where a file starts on the device, in sectors of 512 bytes. */
  private static long firstSector(Path file) throws IOException {
    String said = SystemCommand.run("filefrag", "-b512", "-v", file.toString());
    // "   0:        0..   32767:      34816..     67583:  32768: ..."
    return said.lines()
        .filter(line -> line.strip().startsWith("0:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*?:.*?: *(\\d+)\\.\\..*", "$1")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(said));
  }

  @Override
  public void close() throws IOException {
    SystemCommand.run("umount", folder.toString());
    Files.delete(folder);
    // The driver forgets what was planted when it is attached anew.
    String namespace = Files.readString(sysfs().resolve("device/namespace")).strip();
    SystemCommand.run("ndctl", "disable-namespace", namespace);
    SystemCommand.run("ndctl", "enable-namespace", namespace);
    assertThat(Files.readString(sysfs().resolve("badblocks"))).isEmpty();
  }
}
