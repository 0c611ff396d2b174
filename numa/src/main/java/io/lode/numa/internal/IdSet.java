package io.lode.numa.internal;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * An immutable set of small numbers: CPU or node ids.
 *
 * <p>Represented as in the kernel: one bit per id in 64-bit words, without trailing zero words, so
 * that equal sets have equal arrays.
 */
public final class IdSet {
  /**
   * The largest id: far above any kernel's limit, yet low enough that no input can cost much
   * memory.
   */
  public static final int MAX_ID = (1 << 20) - 1;

  /** The set without ids. */
  public static final IdSet EMPTY = new IdSet(new long[0]);

  private final long[] words;

  private IdSet(long[] trimmedWords) {
    this.words = trimmedWords;
  }

  /** Returns the set of the bits set in {@code words}, bit 0 of word 0 being id 0. */
  public static IdSet ofWords(long[] words) {
    int length = words.length;
    while (length > 0 && words[length - 1] == 0) {
      length--;
    }
    if (length > MAX_ID / 64 + 1) {
      throw new IllegalArgumentException("id above " + MAX_ID);
    }
    return length == 0 ? EMPTY : new IdSet(Arrays.copyOf(words, length));
  }

  /**
   * Returns the set of these ids.
   *
   * @throws IllegalArgumentException when an id is negative or above {@link #MAX_ID}
   */
  public static IdSet of(int... ids) {
    int highest = -1;
    for (int id : ids) {
      highest = Math.max(highest, requireId(id));
    }
    long[] bits = new long[highest / 64 + 1];
    for (int id : ids) {
      bits[id / 64] |= 1L << id;
    }
    return ofWords(bits);
  }

  /**
   * Returns the set of all ids from {@code first} to {@code last}, both included.
   *
   * @throws IllegalArgumentException when either is out of range or they are in the wrong order
   */
  public static IdSet range(int first, int last) {
    requireId(first);
    requireId(last);
    if (first > last) {
      throw new IllegalArgumentException("range " + first + "-" + last + " runs backwards");
    }
    long[] bits = new long[last / 64 + 1];
    for (int id = first; id <= last; id++) {
      bits[id / 64] |= 1L << id;
    }
    return new IdSet(bits);
  }

  /** Returns {@code id} if it can be a member. */
  public static int requireId(int id) {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException("id " + id + " is not in 0.." + MAX_ID);
    }
    return id;
  }

  /** Whether the set has no ids. */
  public boolean isEmpty() {
    return words.length == 0;
  }

  /** Returns the number of ids. */
  public int size() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** Whether {@code id} is a member; false for any number that cannot be one. */
  public boolean contains(int id) {
    return id >= 0 && id / 64 < words.length && (words[id / 64] & 1L << id) != 0;
  }

  /** Whether every id of {@code other} is a member. */
  public boolean containsAll(IdSet other) {
    return other.minus(this).isEmpty();
  }

  /** Returns the lowest id. */
  public OptionalInt first() {
    return stream().findFirst();
  }

  /** Returns the highest id. */
  public OptionalInt last() {
    if (isEmpty()) {
      return OptionalInt.empty();
    }
    int top = words.length - 1;
    return OptionalInt.of(top * 64 + 63 - Long.numberOfLeadingZeros(words[top]));
  }

  /** Returns the ids, ascending. */
  public IntStream stream() {
    return IntStream.range(0, words.length * 64).filter(this::contains);
  }

  /** Returns the ids of both sets. */
  public IdSet union(IdSet other) {
    long[] bits = Arrays.copyOf(words, Math.max(words.length, other.words.length));
    for (int i = 0; i < other.words.length; i++) {
      bits[i] |= other.words[i];
    }
    return ofWords(bits);
  }

  /** Returns the ids that are in both sets. */
  public IdSet intersect(IdSet other) {
    long[] bits = Arrays.copyOf(words, Math.min(words.length, other.words.length));
    for (int i = 0; i < bits.length; i++) {
      bits[i] &= other.words[i];
    }
    return ofWords(bits);
  }

  /** Returns the ids of this set that are not in {@code other}. */
  public IdSet minus(IdSet other) {
    long[] bits = words.clone();
    for (int i = 0; i < Math.min(bits.length, other.words.length); i++) {
      bits[i] &= ~other.words[i];
    }
    return ofWords(bits);
  }

  /** Returns the bits as at least {@code minimumWords} words, the rest zero. */
  public long[] toWords(int minimumWords) {
    return Arrays.copyOf(words, Math.max(words.length, minimumWords));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdSet that && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  /** Returns the ids as a kernel list: {@code 0-3,8}, empty for the empty set. */
  @Override
  public String toString() {
    return IdList.format(this);
  }
}
