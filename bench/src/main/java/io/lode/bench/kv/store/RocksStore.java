package io.lode.bench.kv.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileManager;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB through rocksdbjni: write-ahead log, synced with each write; a cache for everything. */
final class RocksStore
    implements Session, Session.Batches, Session.MultiGets, Session.OrderedScans {
  private static final long SPARE_BYTES = 64L << 20;
  private static final int BLOOM_BITS = 10;
  private static final long LEAST_BUFFER_BYTES = 64 << 10;
  private static final int PARTS_OF_LIMIT = 64;

  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final ReadOptions verified = new ReadOptions();
  private final RocksDB db;
  private final Sink sink = new Sink();

  private RocksStore(RocksDB db) {
    this.db = db;
  }

  static Subject open(Path folder, Sizing sizing) throws RocksDBException {
    RocksDB.loadLibrary();
    var filter = new BloomFilter(BLOOM_BITS);
    var cache = new LRUCache(2 * sizing.userBytes() + SPARE_BYTES);
    var options =
        new Options()
            .setCreateIfMissing(true)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setFilterPolicy(filter).setBlockCache(cache));
    Statistics counts = new Statistics();
    if (sizing.limitBytes() > 0) {
      limit(options, sizing.limitBytes());
      options.setStatistics(counts);
    }
    RocksDB db = RocksDB.open(options, folder.toString());
    return new OpenStore(
        () -> new RocksStore(db),
        "WAL, fdatasync per write",
        () -> List.of(db, options, cache, filter, counts).forEach(AbstractNativeReference::close),
        Optional.of(new Reclaiming(() -> writtenBytes(counts), RocksStore::isFull)));
  }

  /**
   * Makes what is not yet compacted, and files of which the old and the new are there while it is,
   * small parts of the space: with its defaults the log alone would be larger.
   */
  private static void limit(Options options, long limitBytes) throws RocksDBException {
    var files = new SstFileManager(Env.getDefault());
    files.setMaxAllowedSpaceUsage(limitBytes);
    long part = Math.max(LEAST_BUFFER_BYTES, limitBytes / PARTS_OF_LIMIT);
    options
        .setSstFileManager(files)
        .setWriteBufferSize(part)
        .setMaxTotalWalSize(part)
        .setTargetFileSizeBase(part)
        .setMaxBytesForLevelBase(2 * part)
        .setLevel0FileNumCompactionTrigger(1)
        .setMaxManifestFileSize(part);
  }

  private static long writtenBytes(Statistics counts) {
    return counts.getTickerCount(TickerType.WAL_FILE_BYTES)
        + counts.getTickerCount(TickerType.FLUSH_WRITE_BYTES)
        + counts.getTickerCount(TickerType.COMPACT_WRITE_BYTES);
  }

  private static boolean isFull(Throwable failure) {
    return failure instanceof RocksDBException
        && String.valueOf(failure.getMessage()).contains("Max allowed space");
  }

  @Override
  public void put(byte[] key, byte[] value) throws RocksDBException {
    db.put(synced, key, value);
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values) throws RocksDBException {
    try (var batch = new WriteBatch()) {
      for (int index = 0; index < keys.length; index++) {
        batch.put(keys[index], values[index]);
      }
      db.write(synced, batch);
    }
  }

  @Override
  public int get(byte[] key, byte[] destination) throws RocksDBException {
    int length = db.get(verified, key, destination);
    return length == RocksDB.NOT_FOUND ? -1 : length;
  }

  @Override
  public int getAll(byte[][] keys, byte[][] destinations) throws RocksDBException {
    List<byte[]> values = db.multiGetAsList(List.of(keys));
    int found = 0;
    for (int index = 0; index < keys.length; index++) {
      found += Session.copied(values.get(index), destinations[index]) < 0 ? 0 : 1;
    }
    return found;
  }

  @Override
  public void delete(byte[] key) throws RocksDBException {
    db.delete(synced, key);
  }

  @Override
  public long scan() {
    try (RocksIterator entries = db.newIterator()) {
      entries.seekToFirst();
      return count(entries, Long.MAX_VALUE);
    }
  }

  @Override
  public int scanFrom(byte[] from, int count) {
    try (RocksIterator entries = db.newIterator()) {
      entries.seek(from);
      return (int) count(entries, count);
    }
  }

  private long count(RocksIterator entries, long limit) {
    long count = 0;
    for (; count < limit && entries.isValid(); entries.next(), count++) {
      sink.add(entries.value()[0]);
    }
    return count;
  }

  @Override
  public void close() {
    synced.close();
    verified.close();
  }
}
