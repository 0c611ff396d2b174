package io.lode.cli.kv;

import io.lode.kv.KvStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads values that can fit a segment, and never more into memory than that.
 *
 * @param bytes what a segment can take
 */
record ValueLimit(int bytes) {
  static ValueLimit of(KvStore store) {
    return new ValueLimit(Math.toIntExact(store.stats().space().maxRecordBytes()));
  }

  /** Reads all of a stream, or refuses it. */
  byte[] read(InputStream stream, String name) throws IOException {
    byte[] value = stream.readNBytes(bytes + 1);
    if (value.length > bytes) {
      throw new IllegalArgumentException(
          name
              + ": more than "
              + bytes
              + " bytes do not fit a segment of this pool; create one with larger segments"
              + " (--segment)");
    }
    return value;
  }
}
