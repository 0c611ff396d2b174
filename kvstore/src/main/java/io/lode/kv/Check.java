package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.log.Log;
import io.lode.log.SegmentScan;
import io.lode.log.SegmentScanner;
import io.lode.log.Summary;
import io.lode.pool.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies every record that a pool's summaries and open segments speak of. It writes nothing, so
 * it also works on what may only be read.
 */
final class Check {
  private static final int LEAST_BUCKETS = 256;

  private final Pool pool;
  private final Records records;
  private final List<Damage> damages = new ArrayList<>();
  private long verified;

  Check(Pool pool) {
    this.pool = pool;
    this.records = new Records(pool);
  }

  CheckReport run() {
    var index = new HashIndex(IndexMemory.onHeap(), LEAST_BUCKETS, records);
    var log = new Log(pool, 1, Runnable::run);
    var recovery = new Recovery(pool, log, records, Workers.none());
    RecoveryReport found = recovery.run(index);
    damages.addAll(found.damages());
    var scanner = new SegmentScanner(pool);
    recovery.scans().forEach(scan -> verify(scan, scanner.records(scan)));
    return new CheckReport(
        found.clean(), found.entries(), verified, List.copyOf(damages), found.tornTails());
  }

  private void verify(SegmentScan scan, Summary said) {
    long base = pool.segmentOffset(scan.segmentIndex());
    for (int i = 0; i < said.count(); i++) {
      long offset = base + said.position(i);
      if (records.read(offset) != null) {
        verified++;
      } else {
        damages.add(
            new Damage(
                offset,
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
