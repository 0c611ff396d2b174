package io.lode.cli.kv;

import io.lode.kv.KvStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads values that fit in a segment, and never reads more than that into memory.
 *
 * @param bytes the capacity of a segment
 */
record ValueLimit(int bytes) {
  static ValueLimit of(KvStore store) {
    return new ValueLimit(Math.toIntExact(store.stats().space().maxRecordBytes()));
  }

  /** Reads a whole stream, or refuses it. */
  byte[] read(InputStream stream, String name) throws IOException {
    byte[] value;
    try {
      value = stream.readNBytes(bytes + 1);
    } catch (IOException failure) {
      throw new IOException(name + " cannot be read: " + failure.getMessage(), failure);
    }
    if (value.length > bytes) {
      throw new IllegalArgumentException(
          name
              + ": more than "
              + bytes
              + " bytes do not fit in a segment of this pool; create one with larger segments"
              + " (--segment)");
    }
    return value;
  }
}
