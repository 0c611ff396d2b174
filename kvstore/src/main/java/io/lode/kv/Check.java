package io.lode.kv;

import io.lode.journal.Recovered;
import io.lode.journal.SegmentScan;
import io.lode.journal.Summary;
import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import io.lode.store.Damage;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies every record that a pool's summaries and open segments list. It writes nothing, so it
 * also works on a pool that is mapped read-only.
 */
final class Check {
  private static final int LEAST_BUCKETS = 256;

  private final Pool pool;
  private final KeyRecords records;
  private final List<Damage> damages = new ArrayList<>();
  private long verified;

  Check(Pool pool) {
    this.pool = pool;
    this.records = new KeyRecords(pool);
  }

  CheckReport run() {
    var recovery = new Recovery(pool, records, Workers.none());
    Recovered found = recovery.read();
    damages.addAll(pool.device().damagedHeaderCopies());
    damages.addAll(found.damages());
    var index = new HashIndex(IndexMemory.onHeap(), LEAST_BUCKETS, records);
    RecoveryReport report = recovery.fill(index, found);
    try {
      found.scans().forEach(scan -> verify(scan, found.records(scan)));
    } finally {
      found.forgetBuffers();
    }
    return new CheckReport(
        pool.id(),
        report.clean(),
        report.entries(),
        verified,
        List.copyOf(damages),
        report.tornTails(),
        report.deviceChanges());
  }

  private void verify(SegmentScan scan, Summary said) {
    Segment segment = scan.segment();
    for (int i = 0; i < said.count(); i++) {
      long position = said.position(i);
      if (records.readIfSound(segment.address(position)) != null) {
        verified++;
      } else {
        damages.add(
            new Damage(
                segment.offset(position),
                said.paddedLength(i),
                "a record: version "
                    + said.sequence(i)
                    + " of a key with hash "
                    + hexOf(said.hash(i))));
      }
    }
  }

  private static String hexOf(long hash) {
    return "%016x".formatted(hash);
  }
}
