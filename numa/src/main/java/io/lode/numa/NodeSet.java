package io.lode.numa;

import io.lode.numa.internal.IdList;
import io.lode.numa.internal.IdSet;

/**
 * An immutable set of node ids of any width.
 *
 * <p>Ids run from 0 to 1048575, which is beyond every kernel's limit; a set is as wide as its
 * highest id and needs no size. Safe for use by many threads.
 */
public final class NodeSet extends TypedIdSet<NodeSet> {
  private static final NodeSet EMPTY = new NodeSet(IdSet.EMPTY);

  private NodeSet(IdSet ids) {
    super(ids);
  }

  static NodeSet of(IdSet ids) {
    return ids.isEmpty() ? EMPTY : new NodeSet(ids);
  }

  @Override
  NodeSet with(IdSet chosen) {
    return of(chosen);
  }

  /**
   * Returns the set without nodes.
   *
   * @return the empty set
   */
  public static NodeSet empty() {
    return EMPTY;
  }

  /**
   * Returns the set of these nodes.
   *
   * @param ids node ids, in any order, each at least 0
   * @return the set
   * @throws IllegalArgumentException when an id is negative or above 1048575
   */
  public static NodeSet of(int... ids) {
    return of(IdSet.of(ids));
  }

  /**
   * Returns the set of all nodes from {@code first} to {@code last}.
   *
   * @param first the lowest id, at least 0
   * @param last the highest id, included
   * @return the set
   * @throws IllegalArgumentException when an id is out of range or {@code first > last}
   */
  public static NodeSet range(int first, int last) {
    return of(IdSet.range(first, last));
  }

  /**
   * Reads a list such as {@code 0-3,8}, {@code 0x10} or {@code 0-15:2/4}.
   *
   * @param list numbers and ranges separated by commas; empty for the empty set
   * @return the set
   * @throws IllegalArgumentException when the list is malformed, or refers to the allowed nodes
   *     ({@code all}, {@code !}, {@code +})
   */
  public static NodeSet parse(String list) {
    return of(parsePlain(list));
  }

  /**
   * Reads a list in numactl's syntax: also {@code all}, {@code !list} (all allowed nodes except
   * these) and {@code +list} (relative to the allowed nodes, counted from 0).
   *
   * @param list the list; empty for the empty set
   * @param allowed the nodes that may be named
   * @return the set, always within {@code allowed}
   * @throws IllegalArgumentException when the list is malformed or names a node that is not allowed
   */
  public static NodeSet parse(String list, NodeSet allowed) {
    return of(allowed.parseWithin(list, "nodes"));
  }

  /**
   * Reads a map such as {@code 00000001,0000000f}, as the kernel writes it in {@code cpumap} files.
   *
   * @param map groups of 1 to 8 hexadecimal digits separated by commas, highest first
   * @return the set
   * @throws IllegalArgumentException when the map is malformed
   */
  public static NodeSet parseHex(String map) {
    return of(IdList.parseHex(map));
  }

  /**
   * Returns the set of the bits set in {@code words}.
   *
   * @param words 64 ids per word; bit 0 of word 0 is id 0; not kept
   * @return the set
   * @throws IllegalArgumentException when a bit above id 1048575 is set
   */
  public static NodeSet ofWords(long[] words) {
    return of(IdSet.ofWords(words));
  }
}
