package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.Platform;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A real devdax device. */
class DevdaxIT {
  private static final MapConfig LINE = MapConfig.of(Granularity.CACHE_LINE);

  @Test
  void deviceTellsSizeAndAlignment() throws Exception {
    String name = Testbed.devdax().getFileName().toString();
    Path device = Path.of("/sys/bus/dax/devices", name);
    try (Source source = Source.of(Testbed.devdax())) {
      assertThat(source.kind()).isEqualTo(SourceKind.DEVDAX);
      assertThat(source.sizeBytes())
          .isEqualTo(Long.decode(Files.readString(device.resolve("size")).strip()))
          .isPositive();
      assertThat(source.alignmentBytes()).isEqualTo(2 << 20);
      assertThat(source.granularity().granularity()).isEqualTo(Testbed.granularity());
      assertThat(source.tryLock()).isTrue();
      try (Source other = Source.of(Testbed.devdax())) {
        assertThat(other.tryLock()).isFalse();
      }
    }
  }

  @Test
  void storesStayOnTheDevice() {
    long value = System.nanoTime();
    try (Source source = Source.of(Testbed.devdax())) {
      try (PmemMap map = LINE.map(source)) {
        assertThat(map.size()).isEqualTo(source.sizeBytes());
        assertThat(map.granularity()).isEqualTo(Testbed.granularity());
        assertThat(map.isEmulated()).isFalse();
        map.segment().set(JAVA_LONG, map.size() - 8, value);
        map.persist(map.size() - 8, 8);
      }
      long last = source.sizeBytes() - (2 << 20);
      try (PmemMap map = LINE.offset(last).protection(Protection.READ).map(source)) {
        assertThat(map.segment().get(JAVA_LONG, map.size() - 8)).isEqualTo(value);
      }
    }
  }

  @Test
  void bytesAreReadAndWrittenWithoutAMap() {
    byte[] content = new byte[5000];
    new Random(1).nextBytes(content);
    try (Source source = Source.of(Testbed.devdax())) {
      // Across the units in which the device is mapped, and at its very end.
      for (long offset : new long[] {(2 << 20) - 77, source.sizeBytes() - 5000}) {
        source.write(offset, MemorySegment.ofArray(content));
        MemorySegment read = MemorySegment.ofArray(new byte[5000]);
        source.read(offset, read);
        assertThat(read.toArray(JAVA_BYTE)).isEqualTo(content);
      }
      long end = source.sizeBytes();
      assertThat(failure(() -> source.read(end - 1, MemorySegment.ofArray(new byte[2]))).error())
          .isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
    }
  }

  @Test
  void deviceHasNoBadBlocksAndNoneIsCleared() {
    try (Source source = Source.of(Testbed.devdax())) {
      assertThat(source.badBlocks()).isEmpty();
      assertThat(failure(() -> source.clearBadBlock(new BadBlock(0, 4096))).error())
          .isEqualTo(PmemError.NO_BAD_BLOCK_FOUND);
    }
  }

  @Test
  void rulesAreTheDevices() {
    try (Source source = Source.of(Testbed.devdax())) {
      assertThat(failure(() -> LINE.sharing(Sharing.PRIVATE).map(source)).error())
          .isEqualTo(PmemError.SRC_DEVDAX_PRIVATE);
      assertThat(failure(() -> LINE.offset(4096).map(source)).error())
          .isEqualTo(PmemError.OFFSET_UNALIGNED);
      assertThat(failure(() -> LINE.length(4096).map(source)).error())
          .isEqualTo(PmemError.LENGTH_UNALIGNED);
      assertThat(failure(() -> LINE.offset(1L << 40).map(source)).error())
          .isEqualTo(PmemError.MAP_RANGE);
    }
  }

  @Test
  void withoutRoutinesThereIsNoWayToPersist() {
    Platform machine = Platform.ofThisMachine();
    Platform bare =
        new Platform(
            machine.files(),
            Optional::empty,
            machine.regionFinder(),
            new Routines.Lookup(null, "left out by the test"));
    try (Source source = Source.open(Testbed.devdax(), true, bare)) {
      PmemException e = failure(() -> LINE.map(source));
      assertThat(e.error()).isEqualTo(PmemError.NOSUPP);
      assertThat(e).hasMessageContaining("left out by the test");
    }
  }

  @Test
  void nodeIsTheOneThatNdctlPrintsAndNeedsNoFileInDev() throws Exception {
    Path away = Testbed.devdax().resolveSibling("lode-away");
    try (Source source = Source.of(Testbed.devdax())) {
      String region = source.region().orElseThrow();
      Files.move(Testbed.devdax(), away);
      try {
        assertThat(source.numaNode()).isEqualTo(Testbed.ndctlNode(region, "numa_node"));
      } finally {
        Files.move(away, Testbed.devdax());
      }
      assertThat(source.targetNode()).hasValue(Testbed.ndctlNode(region, "target_node"));
    }
  }

  @Test
  void pagesOf2MiBAreFaulted() throws Exception {
    try (Source source = Source.of(Testbed.devdax());
        PmemMap map = LINE.length(64 << 20).protection(Protection.READ).map(source)) {
      long bytesPerFault = MappedPages.bytesPerFault(map.segment());
      long kernelPageKib =
          MappedPages.figures(map.segment().address()).getOrDefault("KernelPageSize", 0L);
      System.out.println(
          "devdax: " + bytesPerFault + " bytes a fault, KernelPageSize " + kernelPageKib + " KiB");
      assertThat(map.segment().address() % (2 << 20)).isZero();
      assertThat(kernelPageKib).isEqualTo(2 << 10);
      assertThat(bytesPerFault).isGreaterThan(128 << 10);
    }
  }
}
