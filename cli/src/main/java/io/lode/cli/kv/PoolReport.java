package io.lode.cli.kv;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Facts;
import io.lode.kv.KvStats;
import io.lode.kv.KvStore;
import io.lode.kv.RecoveryReport;
import io.lode.store.Damage;
import io.lode.store.DeviceChange;
import io.lode.store.Medium;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The report of {@code lode kv stat} and {@code lode kv create} on an open pool.
 *
 * @param pool its path
 * @param id its id, which it keeps wherever its device is found
 * @param medium its medium: {@code file}, {@code fsdax file}, {@code devdax}
 * @param granularity the unit in which writes become durable
 * @param emulated whether that was forced
 * @param flushPrimitive the mechanism that makes a write durable
 * @param durability what durable means there
 * @param numaNode the node near it, null if unknown
 * @param sizeBytes the mapped size
 * @param poolBytes the size of the pool, which can be a part of its file or device
 * @param availableBytes the size of its file or device
 * @param entries the number of keys with a value
 * @param liveBytes the size of the records that can be read
 * @param garbageBytes the size of replaced records and of deletes
 * @param roomBytes what can be written before the pool is full
 * @param capacityBytes the capacity of all segments
 * @param segments the number of segments
 * @param freeSegments the number of free segments
 * @param nextSequence the version of the next write
 * @param clean whether the pool had been closed
 * @param tornTails offsets of writes that were in flight when it was not closed
 * @param damages the damage that was found, if loss was accepted
 * @param deviceChanges how the device differs from what the pool knew of it
 * @param openSeconds the time to open it
 */
record PoolReport(
    String pool,
    UUID id,
    String medium,
    String granularity,
    boolean emulated,
    String flushPrimitive,
    String durability,
    @Nullable Integer numaNode,
    long sizeBytes,
    long poolBytes,
    long availableBytes,
    long entries,
    long liveBytes,
    long garbageBytes,
    long roomBytes,
    long capacityBytes,
    int segments,
    int freeSegments,
    long nextSequence,
    boolean clean,
    List<Long> tornTails,
    List<Damage> damages,
    List<DeviceChange> deviceChanges,
    double openSeconds) {

  static PoolReport of(KvStore store) {
    Medium medium = store.medium();
    KvStats stats = store.stats();
    RecoveryReport recovery = store.recovery();
    OptionalInt node = medium.numaNode();
    return new PoolReport(
        medium.pool(),
        store.id(),
        medium.kind(),
        medium.granularity().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        medium.emulated(),
        medium.flushPrimitive(),
        medium.durability(),
        node.isPresent() ? node.getAsInt() : null,
        medium.sizeBytes(),
        stats.space().sizeBytes(),
        stats.space().availableBytes(),
        stats.entries(),
        stats.space().liveBytes(),
        stats.space().garbageBytes(),
        stats.space().roomBytes(),
        stats.space().capacityBytes(),
        stats.space().segments(),
        stats.space().freeSegments(),
        stats.nextSequence(),
        recovery.clean(),
        recovery.tornTails(),
        recovery.damages(),
        recovery.deviceChanges(),
        recovery.durationNanos() / 1e9);
  }

  /** Returns the facts about the medium. */
  Facts mediumFacts() {
    return new Facts()
        .add("pool", id)
        .add("medium", medium + ", " + ByteSize.formatExact(sizeBytes))
        .add("granularity", granularity + (emulated ? " (emulated)" : "") + ", " + flushPrimitive)
        .add("durable means", durability)
        .add("node", numaNode == null ? "not known" : numaNode)
        .add("segments", segments + ", " + freeSegments + " of them free");
  }

  /** Returns all facts. */
  Facts facts() {
    Facts facts =
        mediumFacts()
            .add("entries", entries)
            .add(
                "live",
                ByteSize.format(liveBytes)
                    + " of "
                    + ByteSize.format(capacityBytes)
                    + ", room for "
                    + ByteSize.format(roomBytes)
                    + " more")
            .add("garbage", ByteSize.format(garbageBytes) + ", replaced and deleted records")
            .add("next version", nextSequence)
            .add(
                "opened",
                (clean ? "after a clean close" : "after a crash")
                    + String.format(Locale.ROOT, ", in %.3f s", openSeconds));
    if (availableBytes > poolBytes) {
      facts.add(
          "not used",
          ByteSize.format(availableBytes - poolBytes) + " behind the pool, which can grow");
    }
    tornTails.forEach(
        offset -> facts.add("torn tail", "at offset " + offset + ", not acknowledged, dropped"));
    deviceChanges.forEach(change -> facts.add("device", change.description()));
    damages.forEach(damage -> facts.add("damage", DamageText.of(damage)));
    return facts;
  }
}
