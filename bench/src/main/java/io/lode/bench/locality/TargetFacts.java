package io.lode.bench.locality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a source.
 *
 * @param name short, for tables
 * @param kind what it is
 * @param path where, absent for memory
 * @param device what it lies on, as the kernel names it
 * @param emulated why its times are not those of persistent memory; absent where they are, and for
 *     ordinary memory and files, which are what they are
 * @param granularity the unit in which stores become durable there
 * @param flushPrimitive what makes them durable
 * @param durability what a durable store survives, in words
 * @param persistenceDomain what of the machine survives a power failure
 * @param alignmentBytes what offsets of mappings are multiples of
 * @param areaBytes how large the memory of a kind of access is
 * @param memoryNode the node of the memory; absent when nobody tells
 * @param targetNode the node that a device would become
 * @param placedBy who says where the memory lies, and how exactly
 * @param nodesByDistance the nodes with CPUs, nearest first
 * @param nearNodes those of them that count as near
 */
record TargetFacts(
    String name,
    Kind kind,
    @Nullable String path,
    @Nullable String device,
    @Nullable String emulated,
    String granularity,
    String flushPrimitive,
    String durability,
    String persistenceDomain,
    long alignmentBytes,
    long areaBytes,
    @Nullable Integer memoryNode,
    @Nullable Integer targetNode,
    String placedBy,
    List<Integer> nodesByDistance,
    List<Integer> nearNodes) {

  /** What a source is. */
  enum Kind {
    /** Ordinary memory of a node. */
    DRAM("DRAM"),
    /** A file whose pages are the persistent memory. */
    FSDAX("fsdax file"),
    /** A character device that is persistent memory. */
    DEVDAX("devdax"),
    /** A file behind a page cache. */
    FILE("file"),
    /** A file in memory on which flush instructions are run. */
    EMULATED("file in memory, flushed as if it were persistent");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  TargetFacts withName(String other) {
    return new TargetFacts(
        other,
        kind,
        path,
        device,
        emulated,
        granularity,
        flushPrimitive,
        durability,
        persistenceDomain,
        alignmentBytes,
        areaBytes,
        memoryNode,
        targetNode,
        placedBy,
        nodesByDistance,
        nearNodes);
  }

  boolean isNear(int cpuNode) {
    return nearNodes.contains(cpuNode);
  }

  /** The place of a node in the order of distance, 0 for the nearest. */
  int rank(int cpuNode) {
    return nodesByDistance.indexOf(cpuNode);
  }
}
