package io.lode.crashtest;

import static io.lode.crashtest.DamageRun.LINE_BYTES;
import static io.lode.crashtest.DamageRun.PAGE_BYTES;

import io.lode.crashtest.trace.TracedMap;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The ways in which media damage their content. */
final class MediaFaults {
  /** Longest run of lines that is treated as one record written to a wrong place. */
  private static final int LONGEST_RUN = 4;

  /** Maximum number of pairs of lines; if there are more, they are sampled evenly. */
  private static final long PAIRS = 60_000;

  /** From this step size on, pairs of bits are only sampled. */
  private static final long MANY = 400;

  /** Maximum number of reads that are made to fail, one at a time. */
  private static final int READS = 4000;

  private final DamageRun<?, ?> damage;
  private final byte[] image;

  MediaFaults(DamageRun<?, ?> damage) {
    this.damage = damage;
    this.image = damage.image();
  }

  /** Flips bits, one at a time: every {@code step}-th, starting at {@code first}. */
  void flipBits(long first, long step) {
    byte[] flipped = new byte[1];
    for (long bit = first; bit < image.length * 8L && !damage.isOver(); bit += step) {
      int at = (int) (bit / 8);
      flipped[0] = (byte) (image[at] ^ (1 << (bit % 8)));
      damage.tryWith("bit " + bit % 8 + " of byte " + at + " flipped", at, flipped, 0, 1);
    }
  }

  /**
   * Flips two bits of a word at a time, in every line that holds anything: unless the step is
   * large, all pairs that are adjacent or at the same place of both halves; of the others, every
   * {@code step}-th.
   */
  void flipPairs(long step) {
    long likelyStep = 1 + step / MANY;
    long likely = 0;
    long pair = 0;
    for (int line : damage.usedLines()) {
      for (int at = line * LINE_BYTES; at < (line + 1) * LINE_BYTES; at += Long.BYTES) {
        for (int one = 0; one < Long.SIZE && !damage.isOver(); one++) {
          for (int two = one + 1; two < Long.SIZE; two++) {
            boolean isLikely = two == one + 1 || two == one + Integer.SIZE;
            if (isLikely ? likely++ % likelyStep == 0 : pair++ % step == 0) {
              flipPair(at, one, two);
            }
          }
        }
      }
    }
  }

  private void flipPair(int at, int one, int two) {
    byte[] word = Arrays.copyOfRange(image, at, at + Long.BYTES);
    word[one / 8] ^= (byte) (1 << (one % 8));
    word[two / 8] ^= (byte) (1 << (two % 8));
    damage.tryWith(
        "bits " + one + " and " + two + " of the word at " + at + " flipped",
        at,
        word,
        0,
        word.length);
  }

  /** Damages every line and every page, one at a time. */
  void harmAlone() {
    harmAlone(LINE_BYTES, "line ");
    harmAlone(PAGE_BYTES, "page ");
  }

  private void harmAlone(int length, String unit) {
    byte[] zeros = new byte[length];
    byte[] ones = new byte[length];
    Arrays.fill(ones, (byte) -1);
    for (int at = 0; at + length <= image.length && !damage.isOver(); at += length) {
      String name = unit + at / length;
      damage.tryWith(name + " zeroed", at, zeros, 0, length);
      damage.tryWith(name + " all ones", at, ones, 0, length);
      damage.tryWith(name + " as it was before", at, damage.earlier(), at, length);
    }
  }

  /** Replaces lines, and runs of lines, by others, and swaps them. */
  void misplace(SplittableRandom random, long share) {
    int[] used = damage.usedLines();
    long pairs = (long) used.length * used.length * LONGEST_RUN;
    long step = Math.max(share, pairs / PAIRS);
    for (long pair = random.nextLong(step); pair < pairs && !damage.isOver(); pair += step) {
      int length = (1 + (int) (pair % LONGEST_RUN)) * LINE_BYTES;
      int at = used[(int) (pair / LONGEST_RUN % used.length)] * LINE_BYTES;
      int from = used[(int) (pair / LONGEST_RUN / used.length)] * LINE_BYTES;
      if (Math.max(at, from) + length <= image.length) {
        String what = length + " bytes at " + at + " with what belongs at " + from;
        damage.tryWith(what, at, image, from, length);
        if (Math.abs(at - from) >= length) {
          damage.trySwapped(what + " and the other way round", at, from, length);
        }
      }
    }
  }

  /** Makes places unreadable: every line and page, one at a time, and single reads. */
  void poison(long share) {
    for (int at = 0; at < image.length && !damage.isOver(); at += LINE_BYTES) {
      damage.tryWith("line " + at / LINE_BYTES + " unreadable", unreadable(at, LINE_BYTES));
      if (at % PAGE_BYTES == 0) {
        damage.tryWith("page " + at / PAGE_BYTES + " unreadable", unreadable(at, PAGE_BYTES));
      }
    }
    var counting = new FailingReads(Integer.MAX_VALUE, false);
    damage.tryWith("nothing", counting);
    long step = Math.max(share, counting.reads / READS);
    for (int read = 0; read < counting.reads && !damage.isOver(); read += (int) step) {
      damage.tryWith("read " + read + " failing", new FailingReads(read, false));
      damage.tryWith("reads from " + read + " on failing", new FailingReads(read, true));
    }
  }

  private static TracedMap.Faults unreadable(int from, int bytes) {
    return new TracedMap.Faults() {
      @Override
      public void beforeLoad(long offset, long length) {
        if (offset < from + bytes && offset + length > from) {
          throw unreadable();
        }
      }
    };
  }

  /** Returns the error that the JVM throws. */
  private static InternalError unreadable() {
    return new InternalError("a fault occurred in an unsafe memory access operation");
  }

  /** Makes reads fail by their number. */
  private static final class FailingReads implements TracedMap.Faults {
    private final int first;
    private final boolean fromThenOn;
    private int reads;

    FailingReads(int first, boolean fromThenOn) {
      this.first = first;
      this.fromThenOn = fromThenOn;
    }

    @Override
    public void beforeLoad(long offset, long length) {
      int read = reads++;
      if (read == first || (fromThenOn && read > first)) {
        throw unreadable();
      }
    }
  }
}
