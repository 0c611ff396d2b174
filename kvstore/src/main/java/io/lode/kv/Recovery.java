package io.lode.kv;

import io.lode.journal.Journal;
import io.lode.journal.Recovered;
import io.lode.kv.index.HashIndex;
import io.lode.pool.LastOwner;
import io.lode.pool.Pool;

/**
 * Rebuilds the index from what the journal finds on the medium: the newest version of each key. It
 * writes nothing.
 */
final class Recovery {
  private final Pool pool;
  private final KeyRecords records;
  private final Workers workers;
  private final long startNanos = System.nanoTime();

  Recovery(Pool pool, KeyRecords records, Workers workers) {
    this.pool = pool;
    this.records = records;
    this.workers = workers;
  }

  /** Reads all segments. */
  Recovered read() {
    return Journal.read(pool, workers);
  }

  /** Fills an empty index, and tells of all that was done. */
  RecoveryReport fill(HashIndex index, Recovered found) {
    try {
      var builder = new IndexBuilder(found, workers, records::areOfOneKey);
      builder.fill(index);
      builder.tell(records.liveness(), records::space);
    } finally {
      found.forgetBuffers();
    }
    assert index.size() <= found.recordCount() : index.size() + " of " + found.recordCount();
    LastOwner before = pool.device().lastOwner();
    return new RecoveryReport(
        before.isClean(),
        index.size(),
        found.scans().size(),
        found.sealedCount(),
        found.damages(),
        found.tornTails(),
        before.needsVerification(),
        before.changes(),
        System.nanoTime() - startNanos);
  }
}
