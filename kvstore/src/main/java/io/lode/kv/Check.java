package io.lode.kv;

import io.lode.kv.index.HashIndex;
import io.lode.kv.index.IndexMemory;
import io.lode.log.Log;
import io.lode.log.SegmentScanner;
import io.lode.pool.Pool;
import io.lode.pool.SegmentHeader;
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
    var index = new HashIndex(IndexMemory.onHeap(), LEAST_BUCKETS, records::isOfKey);
    RecoveryReport found = new Recovery(pool, new Log(pool), records).run(index);
    damages.addAll(found.damages());
    var scanner = new SegmentScanner(pool);
    for (int segment = 0; segment < pool.segmentCount(); segment++) {
      SegmentHeader header = pool.segment(segment);
      if (header != null && !header.isFree()) {
        verify(scanner, segment, header);
      }
    }
    return new CheckReport(
        found.clean(), found.entries(), verified, List.copyOf(damages), found.tornTails());
  }

  private void verify(SegmentScanner scanner, int segment, SegmentHeader header) {
    long base = pool.segmentOffset(segment);
    scanner.scan(
        segment,
        header,
        (hash, sequence, position, length, kind) -> {
          if (records.read(base + position) != null) {
            verified++;
            return;
          }
          damages.add(
              new Damage(
                  base + position,
                  length,
                  "a record: version " + sequence + " of a key with hash " + hexOf(hash)));
        });
  }

  private static String hexOf(long hash) {
    return "%016x".formatted(hash);
  }
}
