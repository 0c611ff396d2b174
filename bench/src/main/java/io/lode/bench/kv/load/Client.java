package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Session;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;

/**
 * One thread's work on a store: a workload in single calls. What random numbers cost is kept out of
 * the figures by drawing them before.
 */
final class Client implements AutoCloseable {
  private static final int PICKS = 1 << 20;
  private static final int MAX_RANGE = 100;
  private static final double ZIPF_EXPONENT = 0.99;

  /** A prime above any number of entries, so that multiples of it meet every entry once. */
  private static final long STRIDE = 2_654_435_761L;

  private final Session session;
  private final Dataset data;
  private final int entries;
  private final int threads;
  private final int number;
  private final int[] uniform = new int[PICKS];
  private final int[] ranks = new int[PICKS];
  private final int[] zipf = new int[PICKS];
  private final byte[] dice = new byte[PICKS];
  private final byte[] key;
  private final byte[] value;
  private final byte[] found;
  private final byte[][] keys = new byte[256][];
  private final byte[][] values = new byte[256][];
  private long next;
  private long fresh;
  private long removed;
  private long chain;

  /** The client of a number out of so many threads, in a store that begins with some entries. */
  Client(Session session, Dataset data, int entries, int number, int threads) {
    this.session = session;
    this.data = data;
    this.entries = entries;
    this.number = number;
    this.threads = threads;
    this.fresh = (long) entries + number;
    this.removed = number;
    this.key = data.newKey();
    this.value = data.newValue();
    this.found = data.newValue();
    for (int index = 0; index < keys.length; index++) {
      keys[index] = data.newKey();
      values[index] = data.newValue();
    }
    draw();
  }

  private void draw() {
    var random = new SplittableRandom(number + 1L);
    DiscreteSampler skewed = zipf(random, entries);
    for (int index = 0; index < PICKS; index++) {
      uniform[index] = random.nextInt(entries);
      ranks[index] = skewed.sample() - 1;
      // The frequent ones are scattered, or they would be neighbours.
      zipf[index] = (int) Long.remainderUnsigned(Dataset.tag(ranks[index]), entries);
      dice[index] = (byte) random.nextInt(MAX_RANGE);
    }
  }

  /** Draws ranks from 1 on as YCSB's benchmarks do: rank k in proportion to k^-0.99. */
  static DiscreteSampler zipf(RandomGenerator random, int ranks) {
    return RejectionInversionZipfSampler.of(random::nextLong, ranks, ZIPF_EXPONENT);
  }

  /** Says why the store cannot do a workload, empty if it can. */
  String unavailable(Workload workload) {
    boolean isAppendOrScan = workload == Workload.INSERT || workload == Workload.SCAN;
    if (session instanceof Session.LogOnly && !isAppendOrScan) {
      return "a log: nothing is found by its key";
    }
    return switch (workload) {
      case MULTIGET -> session instanceof Session.MultiGets ? "" : "no multiGet yet";
      case BATCH_4, BATCH_16, BATCH_64, BATCH_256, BATCH_UPDATE_64 ->
          session instanceof Session.Batches ? "" : "no batches yet";
      case YCSB_E -> session instanceof Session.OrderedScans ? "" : "no ordered ranges yet";
      default -> "";
    };
  }

  /** Does one call of a workload; returns something that depends on what was read. */
  long call(Workload workload) throws Exception {
    int pick = (int) next++ & (PICKS - 1);
    return switch (workload) {
      case GET -> read(uniform[pick]);
      case GET_ZIPF, YCSB_C -> read(zipf[pick]);
      case GET_DEPENDENT -> readChained();
      case MULTIGET -> readMany();
      case SCAN -> session.scan();
      case UPDATE -> write(uniform[pick]);
      case INSERT -> insert();
      case BATCH_4, BATCH_16, BATCH_64, BATCH_256 -> writeMany(workload.entriesPerCall(), true);
      case BATCH_UPDATE_64 -> writeMany(workload.entriesPerCall(), false);
      case DELETE -> delete();
      case CLEANING -> throw new IllegalArgumentException("it has cases: see overwrite");
      case YCSB_A -> dice[pick] < 50 ? read(zipf[pick]) : write(zipf[pick]);
      case YCSB_B -> dice[pick] < 95 ? read(zipf[pick]) : write(zipf[pick]);
      case YCSB_D -> dice[pick] < 95 ? readLatest(ranks[pick]) : insert();
      case YCSB_E -> dice[pick] < 95 ? range(zipf[pick], dice[pick]) : insert();
      case YCSB_F -> dice[pick] < 50 ? read(zipf[pick]) : read(zipf[pick]) + write(zipf[pick]);
    };
  }

  /** Overwrites an entry, drawn uniformly or by zipf. */
  long overwrite(boolean isSkewed) throws Exception {
    int pick = (int) next++ & (PICKS - 1);
    return write(isSkewed ? zipf[pick] : uniform[pick]);
  }

  private long read(long index) throws Exception {
    data.setKey(index, key);
    return read(index, key);
  }

  private long read(long index, byte[] of) throws Exception {
    int length = session.get(of, found);
    long word = Dataset.firstWord(found);
    if (length != data.valueBytes() || word != Dataset.tag(index)) {
      throw new IllegalStateException(
          "entry %d read as %d bytes that begin with another entry's word"
              .formatted(index, length));
    }
    return word;
  }

  private long readChained() throws Exception {
    chain = read(Long.remainderUnsigned(chain + next, entries));
    return chain;
  }

  private long readMany() throws Exception {
    int count = Workload.MULTIGET.entriesPerCall();
    byte[][] wanted = first(keys, count);
    for (byte[] each : wanted) {
      data.setKey(uniform[(int) next++ & (PICKS - 1)], each);
    }
    int there = ((Session.MultiGets) session).getAll(wanted, first(values, count));
    if (there != count) {
      throw new IllegalStateException(there + " of " + count + " entries were found");
    }
    return Dataset.firstWord(values[count - 1]);
  }

  /** The newest entries of this client are the most read. */
  private long readLatest(int rank) throws Exception {
    long newest = fresh - threads;
    long index = newest - (long) rank * threads;
    return read(index < entries ? rank : index);
  }

  private long range(int index, int length) throws Exception {
    data.setKey(index, key);
    return ((Session.OrderedScans) session).scanFrom(key, length + 1);
  }

  private long write(long index) throws Exception {
    data.setKey(index, key);
    data.setValue(index, next, value);
    session.put(key, value);
    return index;
  }

  private long insert() throws Exception {
    long index = fresh;
    fresh += threads;
    return write(index);
  }

  private long writeMany(int count, boolean isNew) throws Exception {
    byte[][] batchKeys = first(keys, count);
    byte[][] batchValues = first(values, count);
    for (int each = 0; each < count; each++) {
      long index = isNew ? fresh : uniform[(int) next++ & (PICKS - 1)];
      fresh += isNew ? threads : 0;
      data.setKey(index, batchKeys[each]);
      data.setValue(index, next, batchValues[each]);
    }
    ((Session.Batches) session).putAll(batchKeys, batchValues);
    return next;
  }

  /** Every entry once, in an order that is neither that of the keys nor that of their writing. */
  private long delete() throws Exception {
    data.setKey(removed * STRIDE % entries, key);
    removed += threads;
    session.delete(key);
    return removed;
  }

  /** How many entries can still be removed. */
  long removable() {
    return Math.max(0, (entries - removed) / threads);
  }

  private static byte[][] first(byte[][] all, int count) {
    return count == all.length ? all : Arrays.copyOf(all, count);
  }

  @Override
  public void close() {
    session.close();
  }
}
