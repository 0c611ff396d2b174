package io.lode.cli.demo;

import io.lode.cli.console.ProgressBar;
import io.lode.kv.KvStore;
import io.lode.kv.KvWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Puts the image's files into a store through a pinned writer, and compares the entries afterwards.
 */
final class ImageLoad {
  private final JdkImage image;
  private String placement = "";
  private long bytes;
  private long putNanos;

  ImageLoad(JdkImage image) {
    this.image = image;
  }

  /** Receives the count of returned puts. */
  interface Acknowledgement {
    /**
     * Is called after each put.
     *
     * @param count the number of puts that have returned
     * @return false to stop loading
     */
    boolean acknowledged(int count);
  }

  /** Puts the files in order. */
  void run(KvStore store, Acknowledgement acknowledgement) throws IOException {
    try (KvWriter writer = store.writer()) {
      placement = writer.placement();
      for (int index = 0; index < image.count(); index++) {
        byte[] key = image.key(index);
        byte[] value = image.value(index);
        long begin = System.nanoTime();
        writer.put(key, value);
        putNanos += System.nanoTime() - begin;
        bytes += value.length;
        if (!acknowledgement.acknowledged(index + 1)) {
          return;
        }
      }
    }
  }

  String placement() {
    return placement;
  }

  long bytes() {
    return bytes;
  }

  double putSeconds() {
    return putNanos / 1e9;
  }

  /** Counts the first {@code count} files whose entries are missing or differ. */
  long mismatches(KvStore store, int count, ProgressBar bar) throws IOException {
    long mismatches = 0;
    long read = 0;
    for (int index = 0; index < count; index++) {
      byte[] expected = image.value(index);
      Optional<byte[]> found = store.get(image.key(index));
      if (found.isEmpty() || !Arrays.equals(found.get(), expected)) {
        mismatches++;
      }
      read += expected.length;
      bar.show(index + 1, read);
    }
    return mismatches;
  }
}
