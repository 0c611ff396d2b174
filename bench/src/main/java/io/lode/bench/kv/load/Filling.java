package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Session;
import java.util.Arrays;

/**
 * Puts the first entries into a store, in the order of their keys and in large batches where it
 * takes some: the way that each store takes them fastest. Not measured.
 */
final class Filling {
  private static final int MOST_ENTRIES = 10_000;

  /** Not every store takes a batch of any length: Lode's have to fit a segment. */
  private static final long MOST_BYTES = 1 << 20;

  private final Dataset data;
  private final Session session;
  private final long mostBytes;

  Filling(Dataset data, Session session) {
    this(data, session, MOST_BYTES);
  }

  /** Fills with batches of so many bytes at most. */
  Filling(Dataset data, Session session, long mostBytes) {
    this.mostBytes = mostBytes;
    this.data = data;
    this.session = session;
  }

  /** Puts the entries from 0 on. */
  void fill(int entries) throws Exception {
    int[] order = order(entries);
    if (session instanceof Session.Batches batches) {
      fillInBatches(batches, order);
      return;
    }
    byte[] key = data.newKey();
    byte[] value = data.newValue();
    for (int index : order) {
      data.setKey(index, key);
      data.setValue(index, 0, value);
      session.put(key, value);
    }
  }

  /**
   * The entries by their keys: those begin with the tag, of which as many bits decide as are left
   * beside a number of an entry.
   */
  static int[] order(int entries) {
    int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(entries);
    long indexMask = (1L << indexBits) - 1;
    var byTag = new long[entries];
    for (int index = 0; index < entries; index++) {
      // The first bit is turned round: keys are compared without a sign.
      byTag[index] = ((Dataset.tag(index) ^ Long.MIN_VALUE) & ~indexMask) | index;
    }
    Arrays.sort(byTag);
    return Arrays.stream(byTag).mapToInt(each -> (int) (each & indexMask)).toArray();
  }

  private void fillInBatches(Session.Batches batches, int... order) throws Exception {
    int most = Math.clamp(mostBytes / data.lineBytes(), 1, MOST_ENTRIES);
    for (int begin = 0; begin < order.length; begin += most) {
      int count = Math.min(most, order.length - begin);
      var keys = new byte[count][];
      var values = new byte[count][];
      for (int each = 0; each < count; each++) {
        keys[each] = data.newKey();
        values[each] = data.newValue();
        data.setKey(order[begin + each], keys[each]);
        data.setValue(order[begin + each], 0, values[each]);
      }
      batches.putAll(keys, values);
    }
  }
}
