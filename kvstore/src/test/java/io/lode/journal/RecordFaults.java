package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import io.lode.crashtest.Mutant;
import io.lode.pool.Checksum;
import io.lode.pool.HeaderFaults;

/** Fields of records and summaries that a checksum leaves out, named as the format names them. */
public final class RecordFaults {
  private RecordFaults() {}

  /**
   * Returns the faults of records.
   *
   * @return a fault for each field that has more than one right value
   */
  public static Mutant[] ofRecords() {
    return new Mutant[] {
      header("sequence", R_SEQUENCE, R_VALUE_LENGTH),
      header("kind", R_KIND, R_FLAGS),
      HeaderFaults.uncovered(
          "record.first-byte-of-the-key", 0, 1, GroupEncoder.class, RecordReader.class)
    };
  }

  /**
   * Returns the faults of summaries.
   *
   * @return a fault for each field of an entry that has no second witness
   */
  public static Mutant[] ofSummaries() {
    return new Mutant[] {
      entry("hash", E_HASH, E_SEQUENCE),
      entry("sequence", E_SEQUENCE, E_POSITION_AND_KIND),
      entry("position-and-kind", E_POSITION_AND_KIND, ENTRY_BYTES)
    };
  }

  /** The checksum of a record's header; the payload has one of its own inside it. */
  private static Mutant header(String field, int from, int end) {
    return HeaderFaults.uncovered("record." + field, from, end - from, RecordLayout.class);
  }

  /** A summary's checksum is made of several pieces, by another method. */
  private static Mutant entry(String field, int from, int end) {
    return Mutant.uncovered(
        "summary." + field,
        Checksum.class.getName(),
        "and",
        from,
        end - from,
        SummaryFile.class.getName());
  }
}
