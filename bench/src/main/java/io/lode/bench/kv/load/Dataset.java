package io.lode.bench.kv.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * The keys and values of a run: the entry of each index is the same in every process. Keys are
 * scattered; no two are equal. A value begins with a word that names its entry, so that reads can
 * be checked.
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

  /** Refuses lengths below 8. */
  public Dataset {
    if (keyBytes < MIN_BYTES || valueBytes < MIN_BYTES) {
      throw new IllegalArgumentException("keys and values have 8 bytes at least");
    }
  }

  /** Makes a key buffer. */
  public byte[] newKey() {
    return new byte[keyBytes];
  }

  /** Makes a value buffer of bytes that do not compress. */
  public byte[] newValue() {
    byte[] value = new byte[valueBytes];
    new SplittableRandom(FILLER_SEED).nextBytes(value);
    return value;
  }

  /** Writes the key of an entry. */
  public void setKey(long index, byte[] key) {
    WORD.set(key, 0, tag(index));
    if (keyBytes >= 2 * Long.BYTES) {
      WORD.set(key, Long.BYTES, index);
    }
  }

  /**
   * Makes a buffer from {@link #newValue} the value of an entry. Where there is room it differs
   * from version to version: a store may leave out a write that changes nothing.
   */
  public void setValue(long index, long version, byte[] value) {
    WORD.set(value, 0, tag(index));
    if (valueBytes >= 2 * Long.BYTES) {
      WORD.set(value, Long.BYTES, version);
    }
  }

  /** Returns the word with which the value of an entry begins. */
  public static long tag(long index) {
    // The finalizer of MurmurHash3 (public domain, A. Appleby): one to one.
    long mixed = (index + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }

  /** Returns the word with which a value begins. */
  public static long firstWord(byte[] value) {
    return (long) WORD.get(value, 0);
  }

  /** Returns the size of an entry in whole cache lines, in bytes. */
  public long lineBytes() {
    return (keyBytes + valueBytes + 63L) / 64 * 64;
  }
}
