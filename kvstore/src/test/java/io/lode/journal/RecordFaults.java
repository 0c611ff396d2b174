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
      record("group", R_GROUP, R_SEQUENCE),
      record("sequence", R_SEQUENCE, R_GENERATION),
      record("lengths", R_VALUE_LENGTH, R_KIND),
      record("kind", R_KIND, R_FLAGS),
      record("first-byte-of-the-key", RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + 1)
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
      entry("sequence", E_SEQUENCE, E_POSITION),
      entry("length-and-kind", E_LENGTH_AND_KIND, ENTRY_BYTES)
    };
  }

  /** A record's checksum starts at its index: fields are counted from there. */
  private static Mutant record(String field, int from, int end) {
    return HeaderFaults.uncovered(
        "record." + field, from - R_INDEX, end - from, GroupEncoder.class, RecordReader.class);
  }

  /** A summary's checksum is made of several pieces, by another method. */
  private static Mutant entry(String field, int from, int end) {
    return Mutant.uncovered(
        "summary." + field,
        Checksum.class.getName(),
        "and",
        from,
        end - from,
        Summary.class.getName());
  }
}
