package io.lode.numa;

import io.lode.numa.internal.IdList;
import io.lode.numa.internal.IdSet;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The set operations that CPU sets and node sets share. Sets of different kinds neither mix nor
 * equal each other.
 *
 * @param <S> the kind of set
 */
abstract sealed class TypedIdSet<S extends TypedIdSet<S>> permits CpuSet, NodeSet {
  private final IdSet ids;

  TypedIdSet(IdSet ids) {
    this.ids = ids;
  }

  /** Returns a set of this kind. */
  abstract S with(IdSet chosen);

  /** Reads a list that names its ids without reference to others. */
  static IdSet parsePlain(String list) {
    String text = list.strip();
    if (text.equals("all") || text.startsWith("!") || text.startsWith("+")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" refers to what is allowed: use parse(list, allowed)");
    }
    return IdList.parse(text, IdSet.EMPTY);
  }

  /** Reads a list within this set, whose members are called {@code kind} in messages. */
  IdSet parseWithin(String list, String kind) {
    IdSet parsed = IdList.parse(list, ids);
    IdSet outside = parsed.minus(ids);
    if (!outside.isEmpty()) {
      throw new IllegalArgumentException(
          kind + " " + outside + " are not among the allowed ones: " + this);
    }
    return parsed;
  }

  IdSet ids() {
    return ids;
  }

  /**
   * Tells whether the set is empty.
   *
   * @return true for the empty set
   */
  public boolean isEmpty() {
    return ids.isEmpty();
  }

  /**
   * Returns the number of ids in the set.
   *
   * @return the number, 0 for the empty set
   */
  public int size() {
    return ids.size();
  }

  /**
   * Tells whether an id is in the set.
   *
   * @param id any number
   * @return true when it is a member
   */
  public boolean contains(int id) {
    return ids.contains(id);
  }

  /**
   * Tells whether every id of another set is in this one.
   *
   * @param other the other set
   * @return true when {@code other} is a subset, as the empty set always is
   */
  public boolean containsAll(S other) {
    return ids.containsAll(other.ids());
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
   * Returns the ids that are in either set.
   *
   * @param other the other set
   * @return the union
   */
  public S union(S other) {
    return with(ids.union(other.ids()));
  }

  /**
   * Returns the ids that are in both sets.
   *
   * @param other the other set
   * @return the intersection
   */
  public S intersect(S other) {
    return with(ids.intersect(other.ids()));
  }

  /**
   * Returns the ids of this set that are not in the other.
   *
   * @param other the ids to leave out
   * @return the difference
   */
  public S minus(S other) {
    return with(ids.minus(other.ids()));
  }

  /**
   * Returns the bits, 64 ids per word, without trailing zero words.
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
    return other instanceof TypedIdSet<?> that
        && getClass() == that.getClass()
        && ids.equals(that.ids);
  }

  @Override
  public int hashCode() {
    return ids.hashCode();
  }

  /**
   * Returns the set as a list that {@code parse} reads: {@code 0-3,8}.
   *
   * @return the list, empty for the empty set
   */
  @Override
  public String toString() {
    return ids.toString();
  }
}
