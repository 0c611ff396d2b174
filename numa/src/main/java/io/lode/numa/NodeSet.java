package io.lode.numa;

import io.lode.numa.internal.IdList;
import io.lode.numa.internal.IdSet;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * An immutable set of node ids of any width.
 *
 * <p>Ids run from 0 to 1048575, which is beyond every kernel's limit; a set is as wide as its
 * highest id and needs no size. Safe for use by many threads.
 */
public final class NodeSet {
  private static final NodeSet EMPTY = new NodeSet(IdSet.EMPTY);

  private final IdSet ids;

  private NodeSet(IdSet ids) {
    this.ids = ids;
  }

  static NodeSet of(IdSet ids) {
    return ids.isEmpty() ? EMPTY : new NodeSet(ids);
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
   * @throws IllegalArgumentException when the list is malformed, or needs to know what is allowed
   *     ({@code all}, {@code !}, {@code +})
   */
  public static NodeSet parse(String list) {
    String text = list.strip();
    if (text.equals("all") || text.startsWith("!") || text.startsWith("+")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" refers to what is allowed: use parse(list, allowed)");
    }
    return of(IdList.parse(text, IdSet.EMPTY));
  }

  /**
   * Reads a list in numactl's syntax: also {@code all}, {@code !list} (all allowed but these) and
   * {@code +list} (counted within the allowed ones, from 0).
   *
   * @param list the list; empty for the empty set
   * @param allowed the nodes that may be named
   * @return the set, always within {@code allowed}
   * @throws IllegalArgumentException when the list is malformed or names a node that is not allowed
   */
  public static NodeSet parse(String list, NodeSet allowed) {
    IdSet parsed = IdList.parse(list, allowed.ids);
    IdSet outside = parsed.minus(allowed.ids);
    if (!outside.isEmpty()) {
      throw new IllegalArgumentException(
          "nodes " + outside + " are not among the allowed ones: " + allowed);
    }
    return of(parsed);
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
   * @param words 64 ids a word; bit 0 of word 0 is id 0; not kept
   * @return the set
   * @throws IllegalArgumentException when a bit above id 1048575 is set
   */
  public static NodeSet ofWords(long[] words) {
    return of(IdSet.ofWords(words));
  }

  IdSet ids() {
    return ids;
  }

  /**
   * Tells whether the set has no nodes.
   *
   * @return true for the empty set
   */
  public boolean isEmpty() {
    return ids.isEmpty();
  }

  /**
   * Returns the number of nodes in the set.
   *
   * @return the number, 0 for the empty set
   */
  public int size() {
    return ids.size();
  }

  /**
   * Tells whether a node is in the set.
   *
   * @param id any number
   * @return true when it is a member
   */
  public boolean contains(int id) {
    return ids.contains(id);
  }

  /**
   * Tells whether every node of another set is in this one.
   *
   * @param other the other set
   * @return true when {@code other} is a subset, as the empty set always is
   */
  public boolean containsAll(NodeSet other) {
    return ids.containsAll(other.ids);
  }

  /**
   * Returns the lowest id.
   *
   * @return the id, absent for the empty set
   */
  public OptionalInt first() {
    return ids.first();
  }

  /**
   * Returns the highest id.
   *
   * @return the id, absent for the empty set
   */
  public OptionalInt last() {
    return ids.last();
  }

  /**
   * Returns the ids in ascending order.
   *
   * @return a stream of the ids
   */
  public IntStream stream() {
    return ids.stream();
  }

  /**
   * Returns the nodes that are in either set.
   *
   * @param other the other set
   * @return the union
   */
  public NodeSet union(NodeSet other) {
    return of(ids.union(other.ids));
  }

  /**
   * Returns the nodes that are in both sets.
   *
   * @param other the other set
   * @return the intersection
   */
  public NodeSet intersect(NodeSet other) {
    return of(ids.intersect(other.ids));
  }

  /**
   * Returns the nodes of this set that are not in the other.
   *
   * @param other the nodes to leave out
   * @return the difference
   */
  public NodeSet minus(NodeSet other) {
    return of(ids.minus(other.ids));
  }

  /**
   * Returns the bits, 64 ids a word, without trailing zero words.
   *
   * @return a new array, empty for the empty set
   */
  public long[] toWords() {
    return ids.toWords(0);
  }

  /**
   * Returns the set as the kernel writes it in {@code cpumap} files.
   *
   * @return 8-digit groups separated by commas, {@code 00000000} for the empty set
   */
  public String toHex() {
    return IdList.formatHex(ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeSet that && ids.equals(that.ids);
  }

  @Override
  public int hashCode() {
    return ids.hashCode();
  }

  /**
   * Returns the set as a list that {@link #parse(String)} reads: {@code 0-3,8}.
   *
   * @return the list, empty for the empty set
   */
  @Override
  public String toString() {
    return ids.toString();
  }
}
