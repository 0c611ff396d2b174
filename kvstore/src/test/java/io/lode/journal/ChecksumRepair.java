package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import io.lode.pool.Checksum;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Gives every header, record and summary in a pool's image the checksum that it should have, so
 * that changed bytes are believed: what a stranger could do who knows the format.
 */
public final class ChecksumRepair {
  private static final int PAGE_BYTES = 4096;
  private static final int LINE_BYTES = 64;
  private static final int BODY = 2 * PAGE_BYTES;
  private static final int DEVICE_CHECKSUM = 508;
  private static final int DEVICE_SEED = 48;
  private static final int SEGMENT_CHECKSUM = 124;
  private static final int SEGMENT_GENERATION = 16;

  private final byte[] image;
  private final ByteBuffer bytes;
  private final int segmentBytes;
  private final Checksum checksum = new Checksum();

  /**
   * Prepares.
   *
   * @param image the pool, changed in place
   * @param segmentBytes the size of its segments
   */
  public ChecksumRepair(byte[] image, int segmentBytes) {
    this.image = image;
    this.bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    this.segmentBytes = segmentBytes;
  }

  /** Repairs all. */
  public void run() {
    for (int copy = 0; copy < 2; copy++) {
      repair(copy * PAGE_BYTES, DEVICE_CHECKSUM, 0);
    }
    long seed = bytes.getLong(DEVICE_SEED);
    int segments = (image.length - BODY) / segmentBytes;
    for (int index = 0; index < segments; index++) {
      int start = BODY + index * segmentBytes;
      for (int copy = 0; copy < 2; copy++) {
        repair(start + copy * PAGE_BYTES, SEGMENT_CHECKSUM, 0);
      }
      long generation = bytes.getLong(start + SEGMENT_GENERATION);
      long use = use(seed, index, generation);
      repairRecords(start, use);
      repairSummary(start + segmentBytes - FOOTER_BYTES, use);
    }
  }

  private void repairRecords(int start, long use) {
    int end = start + segmentBytes - FOOTER_BYTES;
    for (int at = start + BODY; at + RECORD_HEADER_BYTES <= end; at += LINE_BYTES) {
      int records = countAt(at, end);
      int[] starts = new int[records];
      int next = at;
      int found = 0;
      while (found < records && lengthAt(next, end) >= 0) {
        starts[found++] = next;
        next += (int) padded(lengthAt(next, end));
      }
      for (int record = found - 1; record >= 0; record--) {
        repairRecord(starts[record], starts[record] - start, use);
        if (record == 1) {
          repairMembers(starts, found);
        }
      }
    }
  }

  /** How many records a group has that may start here, within reason. */
  private int countAt(int at, int end) {
    boolean several = lengthAt(at, end) >= 0 && (image[at + R_FLAGS] & FLAG_SEVERAL) != 0;
    return several ? Math.clamp(bytes.getInt(at + B_COUNT), 1, 64) : 1;
  }

  private void repairMembers(int[] starts, int found) {
    byte[] checksums = new byte[(found - 1) * Integer.BYTES];
    for (int record = 1; record < found; record++) {
      RecordLayout.copyChecksum(image, starts[record], checksums, record - 1);
    }
    bytes.putInt(starts[0] + B_CHECKSUM, checksum.of(checksums, 0, checksums.length));
  }

  private void repairRecord(int at, int position, long use) {
    if (RecordLayout.isFirst(image, at)) {
      bytes.putInt(at + G_TAG, tag(use));
    }
    int header = RecordLayout.headerBytes(image[at + R_FLAGS]);
    int length = RecordLayout.lengthBytes(image, at) - header;
    int crc =
        RecordLayout.computeChecksum(checksum, image, at, checksum.of(image, at + header, length));
    bytes.putInt(at + R_CHECKSUM, crc ^ salt(use, position));
  }

  /** The length of a record that may stand here, -1 if it does not fit. */
  private long lengthAt(int at, int end) {
    if (at + RECORD_HEADER_BYTES > end) {
      return -1;
    }
    long length = RecordLayout.claimedLength(MemorySegment.ofArray(image), at);
    return length > end - at ? -1 : length;
  }

  private void repairSummary(int footer, long use) {
    int count = bytes.getInt(footer + F_COUNT);
    int width = bytes.getInt(footer + F_FLAGS) == FLAG_WIDE ? WIDE_ENTRY_BYTES : ENTRY_BYTES;
    if (count < 0 || (long) count * width > segmentBytes - FOOTER_BYTES) {
      return;
    }
    int first = footer - count * width;
    int crc = checksum.of(image, first, footer + F_CHECKSUM - first);
    bytes.putInt(footer + F_CHECKSUM, crc ^ salt(use, Long.MAX_VALUE));
  }

  private void repair(int start, int at, int salt) {
    bytes.putInt(start + at, checksum.of(image, start, at) ^ salt);
  }
}
