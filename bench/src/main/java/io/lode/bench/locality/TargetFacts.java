package io.lode.bench.locality;

import io.lode.bench.run.Figures;
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
 * @param flushPrimitive the instruction or call that makes them durable
 * @param durability what a durable store survives, in words
 * @param persistenceDomain the part of the machine that survives a power failure
 * @param alignmentBytes offsets of mappings are multiples of this
 * @param areaBytes how large the memory of a kind of access is
 * @param pageBytes the size of the pages that the kernel maps there, 0 if it cannot be counted;
 *     absent in reports of older versions
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
    @Nullable Long pageBytes,
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

  /** Returns for example {@code 2 MiB pages}, empty if that is not known. */
  String pages() {
    return pageBytes == null || pageBytes == 0 ? "" : Figures.bytes((double) pageBytes) + " pages";
  }

  /** Returns the name with the size of its pages. */
  String label() {
    return pages().isEmpty() ? name : name + ", " + pages();
  }

  boolean isNear(int cpuNode) {
    return nearNodes.contains(cpuNode);
  }

  /** Returns the place of a node in the order of distance, 0 for the nearest. */
  int rank(int cpuNode) {
    return nodesByDistance.indexOf(cpuNode);
  }
}
