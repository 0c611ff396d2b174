package io.lode.cli.kv;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Facts;
import io.lode.kv.KvStats;
import io.lode.kv.KvStore;
import io.lode.kv.RecoveryReport;
import io.lode.store.Damage;
import io.lode.store.Medium;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lode kv stat} and {@code lode kv create} say of an open pool.
 *
 * @param pool its path
 * @param medium what it lies on: {@code file}, {@code fsdax file}, {@code devdax}
 * @param granularity the unit in which writes become durable
 * @param emulated whether that was forced
 * @param flushPrimitive what makes a write durable
 * @param durability what durable means there
 * @param numaNode the node near it, null if not known
 * @param sizeBytes the mapped size
 * @param entries how many keys have a value
 * @param usedBytes what all records take, overwritten and deleted ones included
 * @param capacityBytes what all segments together can take
 * @param segments how many segments there are
 * @param freeSegments how many of them are free
 * @param nextSequence the version that the next write gets
 * @param clean whether the pool had been closed
 * @param tornTails offsets of writes that were in flight when it was not
 * @param damages what was found damaged, where loss was accepted
 * @param openSeconds how long opening took
 */
record PoolReport(
    String pool,
    String medium,
    String granularity,
    boolean emulated,
    String flushPrimitive,
    String durability,
    @Nullable Integer numaNode,
    long sizeBytes,
    long entries,
    long usedBytes,
    long capacityBytes,
    int segments,
    int freeSegments,
    long nextSequence,
    boolean clean,
    List<Long> tornTails,
    List<Damage> damages,
    double openSeconds) {

  static PoolReport of(KvStore store) {
    Medium medium = store.medium();
    KvStats stats = store.stats();
    RecoveryReport recovery = store.recovery();
    OptionalInt node = medium.numaNode();
    return new PoolReport(
        medium.pool(),
        medium.kind(),
        medium.granularity().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        medium.emulated(),
        medium.flushPrimitive(),
        medium.durability(),
        node.isPresent() ? node.getAsInt() : null,
        medium.sizeBytes(),
        stats.entries(),
        stats.space().usedBytes(),
        stats.space().capacityBytes(),
        stats.space().segments(),
        stats.space().freeSegments(),
        stats.nextSequence(),
        recovery.clean(),
        recovery.tornTails(),
        recovery.damages(),
        recovery.durationNanos() / 1e9);
  }

  /** Returns what a person wants to know of the medium. */
  Facts mediumFacts() {
    return new Facts()
        .add("medium", medium + ", " + ByteSize.formatExact(sizeBytes))
        .add("granularity", granularity + (emulated ? " (emulated)" : "") + ", " + flushPrimitive)
        .add("durable means", durability)
        .add("node", numaNode == null ? "not known" : numaNode)
        .add("segments", segments + ", " + freeSegments + " of them free");
  }

  /** Returns all of it. */
  Facts facts() {
    Facts facts =
        mediumFacts()
            .add("entries", entries)
            .add(
                "used",
                ByteSize.format(usedBytes)
                    + " of "
                    + ByteSize.format(capacityBytes)
                    + ", overwritten and deleted records included")
            .add("next version", nextSequence)
            .add(
                "opened",
                (clean ? "after a clean close" : "after a crash")
                    + String.format(Locale.ROOT, ", in %.3f s", openSeconds));
    tornTails.forEach(
        offset -> facts.add("torn tail", "at offset " + offset + ", not acknowledged, dropped"));
    damages.forEach(damage -> facts.add("damage", DamageText.of(damage)));
    return facts;
  }
}
