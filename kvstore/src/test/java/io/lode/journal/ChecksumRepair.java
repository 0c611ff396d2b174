package io.lode.journal;

import static io.lode.journal.JournalFormat.*;

import io.lode.pool.Checksum;
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
  private static final int DEVICE_CHECKSUM = 252;
  private static final int DEVICE_SEED = 48;
  private static final int SEGMENT_CHECKSUM = 60;
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
      repairRecords(start, index, seed, generation);
      repairSummary(start + segmentBytes - FOOTER_BYTES, index, seed, generation);
    }
  }

  private void repairRecords(int start, int index, long seed, long generation) {
    int end = start + segmentBytes - FOOTER_BYTES;
    for (int at = start + BODY; at + RECORD_HEADER_BYTES <= end; at += LINE_BYTES) {
      int next = at;
      int count = Short.toUnsignedInt(bytes.getShort(at + R_COUNT));
      for (int record = 0; record < Math.max(1, Math.min(count, 64)); record++) {
        long length = next + RECORD_HEADER_BYTES > end ? -1 : claimedLength(next);
        if (length < 0 || length > end - next) {
          break;
        }
        int crc = checksum.of(image, next + R_INDEX, (int) length - R_INDEX);
        bytes.putInt(next + R_CHECKSUM, crc ^ salt(seed, index, generation, next - start));
        next += (int) padded(length);
      }
    }
  }

  private long claimedLength(int at) {
    int key = Short.toUnsignedInt(bytes.getShort(at + R_KEY_LENGTH));
    int value = bytes.getInt(at + R_VALUE_LENGTH);
    return key == 0 || value < 0 ? -1 : recordBytes(key, value);
  }

  private void repairSummary(int footer, int index, long seed, long generation) {
    int count = bytes.getInt(footer + F_COUNT);
    if (count < 0 || (long) count * ENTRY_BYTES > segmentBytes - FOOTER_BYTES) {
      return;
    }
    int first = footer - count * ENTRY_BYTES;
    int crc = checksum.of(image, first, footer + F_CHECKSUM - first);
    bytes.putInt(footer + F_CHECKSUM, crc ^ salt(seed, index, generation, Long.MAX_VALUE));
  }

  private void repair(int start, int at, int salt) {
    bytes.putInt(start + at, checksum.of(image, start, at) ^ salt);
  }
}
