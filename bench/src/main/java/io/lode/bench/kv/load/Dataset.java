package io.lode.bench.kv.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * The keys and values of a run: the entry of each index is the same in every process. Keys are
 * scattered; no two are equal. A value begins with a word that tells its entry, so that what is
 * read can be checked.
 *
 * @param keyBytes length of each key, 8 or more
 * @param valueBytes length of each value, 8 or more
 */
public record Dataset(int keyBytes, int valueBytes) {
  /** The shortest key and value. */
  public static final int MIN_BYTES = Long.BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long FILLER_SEED = 20_261_120;

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if one is below 8
   */
  public Dataset {
    if (keyBytes < MIN_BYTES || valueBytes < MIN_BYTES) {
      throw new IllegalArgumentException("keys and values have 8 bytes at least");
    }
  }

  /**
   * Makes a key buffer.
   *
   * @return an array of the right length
   */
  public byte[] newKey() {
    return new byte[keyBytes];
  }

  /**
   * Makes a value buffer of bytes that do not compress.
   *
   * @return an array of the right length
   */
  public byte[] newValue() {
    byte[] value = new byte[valueBytes];
    new SplittableRandom(FILLER_SEED).nextBytes(value);
    return value;
  }

  /**
   * Writes the key of an entry.
   *
   * @param index which
   * @param key where to
   */
  public void setKey(long index, byte[] key) {
    WORD.set(key, 0, tag(index));
    if (keyBytes >= 2 * Long.BYTES) {
      WORD.set(key, Long.BYTES, index);
    }
  }

  /**
   * Lets a value be of an entry. Where it has room for that it differs from version to version: a
   * store may leave out a write that changes nothing.
   *
   * @param index which
   * @param version any number
   * @param value what a {@link #newValue} was
   */
  public void setValue(long index, long version, byte[] value) {
    WORD.set(value, 0, tag(index));
    if (valueBytes >= 2 * Long.BYTES) {
      WORD.set(value, Long.BYTES, version);
    }
  }

  /**
   * Tells which word the value of an entry begins with.
   *
   * @param index which
   * @return the word
   */
  public static long tag(long index) {
    // The finalizer of MurmurHash3 (public domain, A. Appleby): one to one.
    long mixed = (index + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }

  /**
   * Returns the word that a value begins with.
   *
   * @param value the value
   * @return the word
   */
  public static long firstWord(byte[] value) {
    return (long) WORD.get(value, 0);
  }

  /**
   * Returns what an entry takes in whole cache lines.
   *
   * @return bytes
   */
  public long lineBytes() {
    return (keyBytes + valueBytes + 63L) / 64 * 64;
  }
}
