package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Session;

/** Puts the first entries into a store, in the largest batches that it takes. Not measured. */
final class Filling {
  private static final int BATCH = 1000;

  private final Dataset data;
  private final Session session;

  Filling(Dataset data, Session session) {
    this.data = data;
    this.session = session;
  }

  /** Puts the entries from 0 on. */
  void fill(int entries) {
    if (session instanceof Session.Batches batches) {
      fillInBatches(batches, entries);
      return;
    }
    byte[] key = data.newKey();
    byte[] value = data.newValue();
    for (int index = 0; index < entries; index++) {
      data.setKey(index, key);
      data.setValue(index, 0, value);
      session.put(key, value);
    }
  }

  private void fillInBatches(Session.Batches batches, int entries) {
    for (int begin = 0; begin < entries; begin += BATCH) {
      int count = Math.min(BATCH, entries - begin);
      var keys = new byte[count][];
      var values = new byte[count][];
      for (int each = 0; each < count; each++) {
        keys[each] = data.newKey();
        values[each] = data.newValue();
        data.setKey(begin + each, keys[each]);
        data.setValue(begin + each, 0, values[each]);
      }
      batches.putAll(keys, values);
    }
  }
}
