package io.lode.bench.kv.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mashona.logwriting.AppendOnlyLogImpl;
import io.mashona.logwriting.AppendOnlyLogImplConfig;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jdk.nio.mapmode.ExtendedMapMode;

/**
 * mashona's append-only log: no store, for it finds nothing again; a put appends the key and the
 * value. On a DAX file system it flushes lines, elsewhere it syncs pages.
 */
final class MashonaStore implements Session, Session.LogOnly {
  private static final int RECORD_OVERHEAD_BYTES = 8 + 63;

  private final AppendOnlyLogImpl log;

  @GuardedBy("this")
  private final byte[] record;

  private final Sink sink = new Sink();

  private MashonaStore(AppendOnlyLogImpl log, Sizing sizing) {
    this.log = log;
    this.record = new byte[sizing.keyBytes() + sizing.valueBytes()];
  }

  static Subject open(Path folder, Sizing sizing) throws IOException {
    long record = (long) sizing.keyBytes() + sizing.valueBytes() + RECORD_OVERHEAD_BYTES;
    int length = (int) Math.min(Integer.MAX_VALUE - 4096L, sizing.writes() * record + 4096);
    Path file = folder.resolve("bench.log");
    boolean synchronous = true;
    MappedByteBuffer buffer;
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped;
      try {
        mapped = channel.map(ExtendedMapMode.READ_WRITE_SYNC, 0, length);
      } catch (IOException | UnsupportedOperationException noDax) {
        synchronous = false;
        mapped = channel.map(MapMode.READ_WRITE, 0, length);
      }
      buffer = mapped;
    }
    var log =
        new AppendOnlyLogImpl(
            buffer, 0, length, new AppendOnlyLogImplConfig(false, false, false, false));
    return new OpenStore(
        () -> new MashonaStore(log, sizing),
        synchronous ? "line flush per append; a log only" : "msync per append; a log only",
        () -> {});
  }

  @Override
  public synchronized void put(byte[] key, byte[] value) {
    System.arraycopy(key, 0, record, 0, key.length);
    System.arraycopy(value, 0, record, key.length, value.length);
    if (!log.tryPut(record, 0, key.length + value.length)) {
      log.clear(); // full: begins again, as a ring of logs would
    }
  }

  @Override
  public int get(byte[] key, byte[] destination) {
    throw new UnsupportedOperationException("a log: nothing is found by its key");
  }

  @Override
  public void delete(byte[] key) {
    throw new UnsupportedOperationException("a log: nothing is deleted");
  }

  @Override
  public long scan() {
    long count = 0;
    for (var records = log.iterator(); records.hasNext(); count++) {
      sink.add(records.next().get(0));
    }
    return count;
  }
}
