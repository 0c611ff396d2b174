package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.Extents.Extent;
import io.lode.pmem.internal.cpu.Routines;
import io.lode.pmem.internal.jna.NativeLibraries.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad blocks of a machine described by a folder, below real files of this machine. */
class BadBlocksTest {
  private static final int PAGE = 4096;
  private static final String DISK = NFIT + "region0/pfn0.0/block/pmem0";
  private static final String DAX = NFIT + "region1/dax1.0/dax1.0";

  @TempDir Path folder;

  private final FakeNdctl ndctl = new FakeNdctl();

  @SuppressWarnings("NullAway.Init")
  private FakeMachine machine;

  @SuppressWarnings("NullAway.Init")
  private Path file;

  /** The offset of the file on its device. */
  private long sector;

  @BeforeEach
  void makeMachine() throws IOException {
    machine = new FakeMachine(folder).region(0, 0, 0, "memory_controller").pmem(0, 0);
    // Not in memory, because the file system must report where the file is.
    file = Files.createTempFile(Path.of("target"), "bad-blocks", ".file");
    byte[] content = new byte[8 * PAGE];
    Arrays.fill(content, (byte) 7);
    Files.write(file, content);
    try (Descriptor descriptor = open().descriptor()) {
      List<Extent> extents = descriptor.use(fd -> Extents.of(fd, "test", "file"));
      assertThat(extents.getFirst().fileOffset()).isZero();
      assertThat(extents.getFirst().lengthBytes()).isEqualTo(8 * PAGE);
      sector = extents.getFirst().deviceOffset() / 512;
    }
    machine
        .region(1, 1, 1, "memory_controller")
        .dax(NFIT + "region1/dax1.0", "dax1.0", 5, "device_dax")
        .file(NFIT + "region1/resource", "0x100000000")
        .file(DAX + "/resource", "0x100200000");
    ndctl.region(0).fsdax("pmem0");
    ndctl.region(1).devdax(252, 5);
  }

  @AfterEach
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  /** The file, as if it were on a device of the described machine. */
  private OpenSource on(int major, int minor) {
    OpenSource real = open();
    FileStatus s = real.status();
    FileStatus elsewhere =
        new FileStatus(
            s.type(),
            new DeviceNumber(major, minor),
            s.device(),
            s.sizeBytes(),
            true,
            s.mountId(),
            s.blockBytes());
    return new OpenSource(real.descriptor(), real.kind(), elsewhere, "the file");
  }

  private OpenSource open() {
    return OpenSource.open(file, true, machine.files());
  }

  private Platform platform() {
    RegionFinder finder =
        new RegionFinder(
            machine.files(), new Loaded<>(ndctl, "", false), new Loaded<>(ndctl, "", false));
    return new Platform(
        machine.files(), Optional::empty, finder, new Routines.Lookup(null, "not needed"));
  }

  private List<BadBlock> listed(OpenSource source) {
    try (Descriptor _ = source.descriptor()) {
      return new LostRanges(platform()).of(source);
    }
  }

  private PmemException failure(Runnable call) {
    try {
      call.run();
    } catch (PmemException e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }

  @Test
  void diskWithoutBadBlocksIsAskedNothingMore() throws IOException {
    assertThat(listed(FakeMachine.file(259, 0))).isEmpty();
    machine.file(DISK + "/badblocks", "");
    assertThat(listed(FakeMachine.file(259, 0))).isEmpty();
  }

  @Test
  void badBlocksOfTheDiskThatAreTheFilesAreListed() throws IOException {
    machine.file(
        DISK + "/badblocks",
        (sector + 9) + " 1\n" + (sector + 40) + " 10\n" + (sector + 6400) + " 8");
    assertThat(listed(on(259, 0)))
        .containsExactly(new BadBlock(PAGE, PAGE), new BadBlock(5 * PAGE, 2 * PAGE));
  }

  @Test
  void partitionBeginsLaterOnTheDisk() throws IOException {
    machine.file(DISK + "/pmem0p1/start", "2048").file(DISK + "/badblocks", (2048 + sector) + " 8");
    assertThat(listed(on(259, 1))).containsExactly(new BadBlock(0, PAGE));
    machine.file(DISK + "/badblocks", sector + " 8");
    assertThat(listed(on(259, 1))).isEmpty();
  }

  @Test
  void belowAMappedDeviceNobodyCanTell() throws IOException {
    machine
        .link("dev/block/254:0", "devices/virtual/block/dm-0")
        .link("devices/virtual/block/dm-0/slaves/pmem0", DISK);
    assertThat(listed(on(254, 0))).isEmpty();
    machine.file(DISK + "/badblocks", "0 8");
    PmemException e = failure(() -> listed(on(254, 0)));
    assertThat(e.error()).isEqualTo(PmemError.NOSUPP);
    assertThat(e).hasMessageContaining("more than a partition");
  }

  @Test
  void fileOnNoDeviceHasNone() {
    assertThat(listed(on(0, 44))).isEmpty();
  }

  @Test
  void lineThatIsNoneIsAnError() throws IOException {
    for (String line : List.of("x", "1", "1 2 3", "-1 2", "1 0", "99999999999999999999 1")) {
      machine.file(DISK + "/badblocks", "0 8\n" + line);
      assertThat(failure(() -> listed(on(259, 0))).error())
          .as(line)
          .isEqualTo(PmemError.CANNOT_READ_BOUNDS);
    }
  }

  @Test
  void deviceHasThoseOfItsRegionThatAreInItsBounds() throws IOException {
    // The device is 4 MiB long and begins 2 MiB behind the region.
    machine.file(NFIT + "region1/badblocks", "0 8\n4090 10\n4200 1\n12280 100\n12288 8");
    assertThat(listed(FakeMachine.device(252, 5)))
        .containsExactly(
            new BadBlock(0, 4 * 512),
            new BadBlock((4200 - 4096) * 512, 512),
            new BadBlock((12280 - 4096) * 512, 8 * 512));
  }

  @Test
  void boundsOfADeviceAreNeededOnlyIfThereAreBadBlocks() throws IOException {
    Files.delete(folder.resolve("sys").resolve(DAX).resolve("resource"));
    assertThat(listed(FakeMachine.device(252, 5))).isEmpty();
    machine.file(NFIT + "region1/badblocks", "4096 8");
    PmemException e = failure(() -> listed(FakeMachine.device(252, 5)));
    assertThat(e.error()).isEqualTo(PmemError.CANNOT_READ_BOUNDS);
    assertThat(e).hasMessageContaining("ask as root");
  }

  @Test
  void clearedBadBlockOfAFileReadsAsZerosAndTheRestIsLeftAlone() throws IOException {
    machine.file(DISK + "/badblocks", (sector + 8) + " 8");
    OpenSource source = on(259, 0);
    try (Descriptor _ = source.descriptor()) {
      new LostRanges(platform()).clear(source, new BadBlock(PAGE, PAGE));
      assertThat(new LostRanges(platform()).of(source)).isEmpty();
    }
    byte[] content = Files.readAllBytes(file);
    for (int i = 0; i < content.length; i++) {
      assertThat(content[i]).isEqualTo(i / PAGE == 1 ? (byte) 0 : (byte) 7);
    }
  }

  @Test
  void whatIsNotBadIsNotCleared() throws IOException {
    machine.file(DISK + "/badblocks", (sector + 8) + " 8");
    OpenSource source = on(259, 0);
    try (Descriptor _ = source.descriptor()) {
      for (BadBlock wrong :
          List.of(new BadBlock(0, PAGE), new BadBlock(PAGE, PAGE + 1), new BadBlock(0, 8 * PAGE))) {
        PmemException e = failure(() -> new LostRanges(platform()).clear(source, wrong));
        assertThat(e.error()).isEqualTo(PmemError.NO_BAD_BLOCK_FOUND);
      }
    }
    assertThat(Files.readString(file, UTF_8)).doesNotContain("\0");
  }

  @Test
  void deviceIsClearedByTheFirmwareAndChecked() throws IOException {
    machine.file(NFIT + "region1/badblocks", "4104 8");
    LostRanges ranges = new LostRanges(platform());
    PmemException still =
        failure(() -> ranges.clear(FakeMachine.device(252, 5), new BadBlock(4096, 4096)));
    assertThat(still.error()).isEqualTo(PmemError.IO_FAIL);
    assertThat(still).hasMessageContaining("still bad");
    long address = 0x100200000L + 4096;
    assertThat(ndctl.commands)
        .containsExactly("ask " + address + " 4096", "clear " + address + " 4096");

    ndctl.clearableBytes = 512;
    assertThat(
            failure(() -> ranges.clear(FakeMachine.device(252, 5), new BadBlock(4096, 4096)))
                .errno())
        .as("partly cleared")
        .hasValue(6);
    ndctl.submitResult = -5;
    assertThat(
            failure(() -> ranges.clear(FakeMachine.device(252, 5), new BadBlock(4096, 4096)))
                .errno())
        .hasValue(5);
    ndctl.clearableBytes = -1;
    assertThat(
            failure(() -> ranges.clear(FakeMachine.device(252, 5), new BadBlock(4096, 4096)))
                .error())
        .isEqualTo(PmemError.NOSUPP);
    assertThat(ndctl.liveCommands).isZero();
    assertThat(ndctl.contexts()).isZero();
  }
}
