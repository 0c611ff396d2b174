package io.lode.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit hash of a key, salted by the pool so that nobody can choose keys that collide. It
 * stands in summaries, so the function is part of the format: 16 bytes at a time are folded by a
 * 64x64 to 128 bit multiplication, as wyhash does (Wang Yi, public domain; constants of its final
 * version 4), the rest as one or two words that overlap.
 */
public final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long SECRET_0 = 0x2D358DCCAA6C78A5L;
  private static final long SECRET_1 = 0x8BB84B93962EACC9L;
  private static final long SECRET_2 = 0x4B33A62ED433D4A3L;

  private KeyHash() {}

  /**
   * Hashes a range of an array.
   *
   * @param seed the pool's salt
   * @param bytes the array
   * @param offset first byte
   * @param length bytes
   * @return the hash
   */
  public static long of(long seed, byte[] bytes, int offset, int length) {
    long state = seed ^ fold(seed ^ SECRET_0, SECRET_1);
    int from = offset;
    int left = length;
    while (left > 16) {
      state = fold(word(bytes, from) ^ SECRET_1, word(bytes, from + 8) ^ state);
      from += 16;
      left -= 16;
    }
    long first;
    long second;
    if (left >= 8) {
      first = word(bytes, from);
      second = word(bytes, from + left - 8);
    } else if (left >= 4) {
      first = half(bytes, from);
      second = half(bytes, from + left - 4);
    } else {
      first = shortTail(bytes, from, left);
      second = 0;
    }
    return fold(SECRET_2 ^ length, fold(first ^ SECRET_1, second ^ state));
  }

  private static long word(byte[] bytes, int offset) {
    return (long) LONGS.get(bytes, offset);
  }

  private static long half(byte[] bytes, int offset) {
    return Integer.toUnsignedLong((int) INTS.get(bytes, offset));
  }

  private static long shortTail(byte[] bytes, int offset, int length) {
    long tail = 0;
    for (int i = 0; i < length; i++) {
      tail = tail << 8 | Byte.toUnsignedLong(bytes[offset + i]);
    }
    return tail;
  }

  private static long fold(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b) ^ (a * b);
  }
}
