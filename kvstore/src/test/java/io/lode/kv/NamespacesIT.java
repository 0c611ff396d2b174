package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lode.pmem.Granularity;
import io.lode.pmem.Source;
import io.lode.store.DeviceChange;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pools whose namespaces are destroyed, made anew, renumbered, or given another mode: whoever opens
 * a path gets the same pool as before, is told what is another, or is refused with the reason.
 */
@Tag("topology-namespaces")
class NamespacesIT {
  private static final int ENTRIES = 300;
  private static final int MIB = 48;
  private static final KvConfig CONFIG =
      KvConfig.builder()
          .capacityBytes(16 << 20)
          .segmentBytes(1 << 20)
          .overwrite(true)
          .requiredGranularity(Granularity.CACHE_LINE)
          .build();

  @TempDir Path folder;

  private final SpareRegion region;

  NamespacesIT() throws IOException {
    region = new SpareRegion();
  }

  @Test
  void namespaceMadeAnewOverTheSameBytesIsToldOnceAndVerified() throws IOException {
    SpareRegion.Made first = region.make("devdax", MIB);
    UUID id = create(first.device());
    isTheSamePool(first.device(), id);
    region.destroy(first);
    SpareRegion.Made second = region.make("devdax", MIB);
    assertThat(KvStore.check(second.device()).deviceChanges())
        .extracting(DeviceChange::kind)
        .containsExactly(DeviceChange.Kind.NAMESPACE);
    opensWith(second.device(), id, DeviceChange.Kind.NAMESPACE);
    isTheSamePool(second.device(), id);
  }

  @Test
  void largerNamespaceOverTheSameBytesIsToldWithItsSize() throws IOException {
    SpareRegion.Made first = region.make("devdax", MIB);
    UUID id = create(first.device());
    region.destroy(first);
    SpareRegion.Made second = region.make("devdax", 2 * MIB);
    opensWith(second.device(), id, DeviceChange.Kind.NAMESPACE, DeviceChange.Kind.LARGER);
    opensWith(second.device(), id, DeviceChange.Kind.LARGER);
  }

  @Test
  void smallerNamespaceOverTheSameBytesIsRefused() throws IOException {
    SpareRegion.Made first = region.make("devdax", 2 * MIB);
    create(first.device());
    region.destroy(first);
    SpareRegion.Made second = region.make("devdax", MIB);
    assertThatThrownBy(() -> KvStore.open(second.device(), CONFIG))
        .isInstanceOf(StoreException.Damaged.class)
        .hasMessageContaining("truncated: the pool has");
  }

  @Test
  void renumberedDeviceHasTheSamePoolUnderItsNewName() throws IOException {
    SpareRegion.Made first = region.make("devdax", MIB);
    SpareRegion.Made second = region.make("devdax", MIB);
    UUID firstId = create(first.device());
    UUID secondId = create(second.device());
    region.destroy(first);
    region.restart();
    assertThat(region.find(second).dev()).as("what was the other's name").isEqualTo(first.dev());
    Path now = region.find(second).device();
    assertThat(KvStore.idAt(now)).hasValue(secondId);
    assertThatThrownBy(() -> KvStore.open(now, requiring(firstId)))
        .isInstanceOf(StoreException.OtherPool.class)
        .hasMessageContainingAll(firstId.toString(), secondId.toString());
    for (Path before : new Path[] {first.device(), second.device()}) {
      // Which number the dax device is given, the old one or another, is the kernel's choice.
      if (!before.equals(now)) {
        assertThatThrownBy(() -> KvStore.open(before, requiring(secondId)))
            .as(before.toString())
            .isInstanceOf(StoreException.Missing.class);
      }
    }
    isTheSamePool(now, secondId);
  }

  @Test
  void namespacesThatSwapTheirNamesKeepTheirPools() throws IOException {
    SpareRegion.Made low = region.make("devdax", MIB);
    SpareRegion.Made middle = region.make("devdax", MIB);
    region.destroy(low);
    // It does not fit where the first one was, and gets its name.
    SpareRegion.Made high = region.make("devdax", 2 * MIB);
    SpareRegion.Made again = region.make("devdax", MIB);
    UUID highId = create(high.device());
    UUID againId = create(again.device());
    UUID middleId = create(middle.device());
    region.restart();
    assertThat(region.find(high).dev())
        .as(high + ", " + again + ", " + middle)
        .isEqualTo(again.dev());
    assertThat(region.find(again).dev()).isEqualTo(high.dev());
    isTheSamePool(region.find(high).device(), highId);
    isTheSamePool(region.find(again).device(), againId);
    isTheSamePool(region.find(middle).device(), middleId);
    assertThatThrownBy(() -> KvStore.open(region.find(again).device(), requiring(highId)))
        .isInstanceOf(StoreException.OtherPool.class);
  }

  @Test
  void devdaxThatWasSystemRamAndIsDevdaxAgainIsTheSamePool() throws IOException {
    Path device = Path.of(System.getenv("LODE_DEVDAX"));
    UUID id = create(device);
    toSystemRam(device);
    Throwable refused = catchThrowable(() -> KvStore.open(device, CONFIG));
    toDevdax(device);
    assertThat(refused).isInstanceOf(StoreException.class).hasMessageContaining(device.toString());
    isTheSamePool(device, id);
  }

  @Test
  void storeWhoseDeviceBecomesSystemRamSaysSoAndWritesNothing() throws IOException {
    Path device = Path.of(System.getenv("LODE_DEVDAX"));
    UUID id = create(device);
    Throwable refused;
    try (KvStore store = KvStore.open(device, CONFIG)) {
      toSystemRam(device);
      refused = catchThrowable(() -> takeSegment(store));
    } finally {
      toDevdax(device);
    }
    saysPoisoned(refused, "was made system RAM");
    assertThat(KvStore.check(device).damages()).isEmpty();
    try (KvStore store = KvStore.open(device, requiring(id))) {
      holds(store);
    }
  }

  @Test
  void storeWhoseNamespaceIsDisabledSaysSo() throws IOException {
    SpareRegion.Made first = region.make("devdax", MIB);
    UUID id = create(first.device());
    Throwable refused;
    try (KvStore store = KvStore.open(first.device(), CONFIG)) {
      SystemCommand.run("ndctl", "disable-namespace", first.dev());
      refused = catchThrowable(() -> takeSegment(store));
    }
    saysPoisoned(refused, "no driver has it any more");
    SystemCommand.run("ndctl", "enable-namespace", first.dev());
    try (KvStore store = KvStore.open(region.find(first).device(), requiring(id))) {
      holds(store);
    }
  }

  @Test
  void storeWhoseNamespaceIsMadeAnewBelowItSaysSo() throws IOException {
    SpareRegion.Made first = region.make("devdax", MIB);
    UUID id = create(first.device());
    Throwable refused;
    SpareRegion.Made second;
    try (KvStore store = KvStore.open(first.device(), CONFIG)) {
      region.destroy(first);
      second = region.make("devdax", MIB);
      refused = catchThrowable(() -> takeSegment(store));
    }
    saysPoisoned(refused, "while the pool was open here, its device");
    try (KvStore store = KvStore.open(second.device(), requiring(id))) {
      assertThat(store.recovery().deviceChanges())
          .extracting(DeviceChange::kind)
          .containsExactly(DeviceChange.Kind.NAMESPACE);
      holds(store);
    }
  }

  @Test
  void devdaxMadeFsdaxIsNotThereAndBackItIsAnotherNamespace() throws IOException {
    SpareRegion.Made devdax = region.make("devdax", MIB);
    UUID id = create(devdax.device());
    SpareRegion.Made fsdax = region.remake(devdax, "fsdax");
    assertThatThrownBy(() -> KvStore.open(devdax.device(), CONFIG))
        .isInstanceOf(StoreException.Missing.class);
    assertThatThrownBy(() -> KvStore.open(fsdax.device(), CONFIG))
        .isInstanceOf(StoreException.Foreign.class)
        .hasMessageContaining("it is a block device");
    SpareRegion.Made back = region.remake(fsdax, "devdax");
    opensWith(back.device(), id, DeviceChange.Kind.NAMESPACE);
  }

  @Test
  void poolOnAFileSystemIsOnItsNamespaceToo() throws IOException {
    SpareRegion.Made first = region.make("fsdax", MIB);
    SystemCommand.run("mkfs.ext4", "-F", "-q", "-b", 4096, first.device());
    UUID id = onFileSystem(first, "dax=always", NamespacesIT::create);
    region.restart();
    SpareRegion.Made same = region.find(first);
    onFileSystem(same, "dax=always", pool -> isTheSamePool(pool, id));
    region.destroy(same);
    SpareRegion.Made second = region.make("fsdax", MIB);
    onFileSystem(second, "dax=always", pool -> opensWith(pool, id, DeviceChange.Kind.NAMESPACE));
  }

  @Test
  void poolOnANamespaceInSectorModeIsKeptByPagesAndKnowsIt() throws IOException {
    SpareRegion.Made devdax = region.make("devdax", MIB);
    create(devdax.device());
    SpareRegion.Made sector = region.remake(devdax, "sector");
    assertThatThrownBy(() -> KvStore.open(sector.device(), CONFIG))
        .isInstanceOf(StoreException.Foreign.class)
        .hasMessageContaining("it is a block device");
    SystemCommand.run("mkfs.ext4", "-F", "-q", "-b", 4096, sector.device());
    KvConfig pages = CONFIG.toBuilder().requiredGranularity(Granularity.PAGE).build();
    UUID id =
        onFileSystem(
            sector,
            "defaults",
            pool -> {
              assertThatThrownBy(() -> KvStore.create(pool, CONFIG))
                  .isInstanceOf(StoreException.class)
                  .hasMessageContaining("GRANULARITY_NOT_SUPPORTED");
              return create(pool, pages);
            });
    region.restart();
    onFileSystem(region.find(sector), "defaults", pool -> opensWith(pool, requiring(id, pages)));
  }

  @Test
  void sourceKnowsItsNamespaceAsNdctlListsIt() throws IOException {
    SpareRegion.Made devdax = region.make("devdax", MIB);
    SpareRegion.Made fsdax = region.make("fsdax", MIB);
    isOn(devdax.device(), devdax);
    SystemCommand.run("mkfs.ext4", "-F", "-q", "-b", 4096, fsdax.device());
    onFileSystem(fsdax, "dax=always", file -> isOn(Files.write(file, new byte[1]), fsdax));
  }

  private static Path isOn(Path path, SpareRegion.Made made) {
    try (Source source = Source.readOnly(path)) {
      assertThat(source.namespaces())
          .singleElement()
          .satisfies(namespace -> {
            assertThat(namespace.uuid()).isEqualTo(made.uuid());
            assertThat(namespace.device()).isEqualTo(made.dev());
          });
      return path;
    }
  }

  /** What is done with a pool. */
  private interface Use<T> {
    T with(Path pool) throws IOException;
  }

  /** Mounts the file system of a namespace for as long as a pool is used on it. */
  private <T> T onFileSystem(SpareRegion.Made namespace, String options, Use<T> use)
      throws IOException {
    SystemCommand.run("mount", "-o", options, namespace.device(), folder);
    try {
      return use.with(folder.resolve("pool"));
    } finally {
      SystemCommand.run("umount", folder);
    }
  }

  /** Leaves the memory offline: the kernel gives it to nobody, who would overwrite the pool. */
  private static void toSystemRam(Path device) throws IOException {
    SystemCommand.run(
        "daxctl", "reconfigure-device", "-N", "-f", "-m", "system-ram", device.getFileName());
  }

  private static void toDevdax(Path device) throws IOException {
    SystemCommand.run("daxctl", "reconfigure-device", "-f", "-m", "devdax", device.getFileName());
  }

  private static UUID create(Path pool) {
    return create(pool, CONFIG);
  }

  private static UUID create(Path pool, KvConfig config) {
    try (KvStore store = KvStore.create(pool, config)) {
      assertThat(store.recovery().deviceChanges()).isEmpty();
      for (int i = 0; i < ENTRIES; i++) {
        store.put(bytes("key" + i), value(i));
      }
      return store.id();
    }
  }

  private static UUID isTheSamePool(Path pool, UUID id) {
    return opensWith(pool, id);
  }

  private static UUID opensWith(Path pool, UUID id, DeviceChange.Kind... changes) {
    return opensWith(pool, requiring(id), changes);
  }

  private static UUID opensWith(Path pool, KvConfig config, DeviceChange.Kind... changes) {
    try (KvStore store = KvStore.open(pool, config)) {
      assertThat(store.recovery().deviceChanges())
          .extracting(DeviceChange::kind)
          .containsExactly(changes);
      assertThat(store.recovery().clean()).isTrue();
      holds(store);
      store.put(bytes("more"), bytes("value"));
      return store.id();
    }
  }

  private static KvConfig requiring(UUID id) {
    return requiring(id, CONFIG);
  }

  private static KvConfig requiring(UUID id, KvConfig config) {
    return config.toBuilder().requiredId(id).build();
  }

  private static void holds(KvStore store) {
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(store.get(bytes("key" + i))).as("key" + i).hasValue(value(i));
    }
  }

  /**
   * Writes what does not fit the open segment, so the device is looked at before anything is
   * stored: a store to what is no longer mapped ends the process.
   */
  private static void takeSegment(KvStore store) {
    store.put(bytes("large"), new byte[900_000]);
  }

  private static void saysPoisoned(Throwable refused, String why) {
    for (Throwable t = refused; t != null; t = t.getCause()) {
      if (t instanceof StoreException.Poisoned && String.valueOf(t.getMessage()).contains(why)) {
        return;
      }
    }
    throw new AssertionError("expected: " + why, refused);
  }

  private static byte[] value(int i) {
    return bytes("value".repeat(1000) + i);
  }
}
