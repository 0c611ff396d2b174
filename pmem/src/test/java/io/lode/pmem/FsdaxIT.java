package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.run;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.Platform;
import io.lode.pmem.internal.cpu.Routines;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files on a real DAX file system. */
class FsdaxIT {
  private static final int SIZE = 4 << 20;

  @Test
  void fileIsPersistentMemory() throws Exception {
    Path file = Testbed.sparseFile("fsdax-it", SIZE);
    try (Source source = Source.of(file)) {
      assertThat(source.kind()).isEqualTo(SourceKind.FSDAX_FILE);
      GranularityReport answer = source.granularity();
      assertThat(answer.granularity()).isEqualTo(Testbed.granularity());
      assertThat(answer.emulated()).isFalse();
      assertThat(answer.durability()).contains(Testbed.isEadr() ? "eADR" : "ADR");
      try (PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
        assertThat(map.granularity()).isEqualTo(Testbed.granularity());
        assertThat(map.isEmulated()).isFalse();
        assertThat(map.flushPrimitive()).isNotEqualTo("msync");
        map.segment().set(JAVA_LONG, 8192, 42);
        map.persist(8192, 8);
        map.copy(64, MemorySegment.ofArray(new byte[] {1, 2, 3}), 0, 3, CopyFlags.NONE);
      }
      try (PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
        assertThat(map.segment().get(JAVA_LONG, 8192)).isEqualTo(42);
      }
    }
    assertThat(Files.readAllBytes(file)[66]).isEqualTo((byte) 3);
    Files.delete(file);
  }

  @Test
  void nodeIsTheOneThatNdctlPrints() throws Exception {
    Path file = Testbed.sparseFile("fsdax-it-node", 4096);
    try (Source source = Source.of(file)) {
      String region = source.region().orElseThrow();
      assertThat(source.numaNode()).isEqualTo(Testbed.ndctlNode(region, "numa_node"));
      assertThat(source.location().numaNode()).hasValue(source.numaNode());
      assertThat(source.targetNode()).hasValue(Testbed.ndctlNode(region, "target_node"));
      assertThat(source.persistenceDomain())
          .isEqualTo(
              Testbed.isEadr() ? PersistenceDomain.CPU_CACHE : PersistenceDomain.MEMORY_CONTROLLER);
    }
    Files.delete(file);
  }

  @Test
  void nodeIsFoundThroughABindMount() throws Exception {
    Path file = Testbed.sparseFile("fsdax-it-bind", 4096);
    Path bind = Files.createTempDirectory("lode-bind");
    run("mount", "--bind", Testbed.fsdaxFolder().toString(), bind.toString());
    try (Source direct = Source.of(file);
        Source bound = Source.of(bind.resolve(file.getFileName()))) {
      assertThat(bound.numaNode()).isEqualTo(direct.numaNode());
    } finally {
      run("umount", bind.toString());
    }
    Files.delete(file);
  }

  @Test
  void fullFileSystemIsAnErrorOfTheMap() throws Exception {
    Path file = Testbed.sparseFile("fsdax-it-full", 1L << 40);
    try (Source source = Source.of(file)) {
      PmemException e = failure(() -> MapConfig.of(Granularity.CACHE_LINE).map(source));
      assertThat(e.errno()).hasValue(28);
    }
    Files.delete(file);
  }

  @Test
  void withoutRoutinesTheKernelSyncs() throws Exception {
    Path file = Testbed.sparseFile("fsdax-it-sync", SIZE);
    Platform machine = Platform.ofThisMachine();
    Platform bare =
        new Platform(
            machine.files(),
            Optional::empty,
            machine.regionFinder(),
            new Routines.Lookup(null, "left out by the test"));
    try (Source source = Source.open(file, true, bare);
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
      assertThat(map.flushPrimitive()).isEqualTo("msync");
      assertThat(map.granularity()).isEqualTo(Testbed.granularity());
      map.copy(1, MemorySegment.ofArray(new byte[] {7}), 0, 1, CopyFlags.NONE);
      map.persist(0, SIZE);
    }
    assertThat(Files.readAllBytes(file)[1]).isEqualTo((byte) 7);
    assertThat(Files.size(file)).isEqualTo(SIZE);
    Files.delete(file);
  }

  /** Which pages a file system gives depends on where it put the file: reported, not demanded. */
  @Test
  void largeFileIsAlignedForHugePages() throws Exception {
    Path file = Testbed.sparseFile("fsdax-it-huge", 64 << 20);
    try (Source source = Source.of(file)) {
      MapConfig.of(Granularity.CACHE_LINE).map(source).close();
      MapConfig reading = MapConfig.of(Granularity.CACHE_LINE).protection(Protection.READ);
      try (PmemMap map = reading.map(source)) {
        assertThat(map.segment().address() % (2 << 20)).isZero();
        long bytesPerFault = MappedPages.bytesPerFault(map.segment());
        System.out.println("fsdax: " + bytesPerFault + " bytes a fault");
        assertThat(bytesPerFault).isGreaterThanOrEqualTo(2048);
      }
    }
    Files.delete(file);
  }
}
