package io.lode.pool;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * A device's report about itself: its identity, its count of unsafe shutdowns, and the ranges that
 * are lost.
 *
 * @param shutdownCount how often it lost power before flushed data was safe, {@link #NO_COUNT} if
 *     it does not count
 * @param deviceId a hash of the devices' unique ids, {@link #NO_ID} if they have none
 * @param badBlocks ranges that cannot be read, and must not be written through a map
 */
public record DeviceState(long shutdownCount, long deviceId, List<BadBlock> badBlocks) {
  /** In place of a count. */
  static final long NO_COUNT = -1;

  /** In place of an id. */
  static final long NO_ID = 0;

  /** The state of a device that reports nothing. */
  public static final DeviceState UNKNOWN = new DeviceState(NO_COUNT, NO_ID, List.of());

  /** Asks a device; whatever it does not report is unknown. */
  static DeviceState of(Source source) {
    return new DeviceState(shutdownCount(source), deviceId(source), badBlocks(source));
  }

  private static long shutdownCount(Source source) {
    try {
      return source.unsafeShutdownCount();
    } catch (PmemException _) {
      return NO_COUNT;
    }
  }

  private static long deviceId(Source source) {
    try {
      byte[] id = source.deviceId().getBytes(StandardCharsets.UTF_8);
      return UUID.nameUUIDFromBytes(id).getMostSignificantBits();
    } catch (PmemException _) {
      return NO_ID;
    }
  }

  private static List<BadBlock> badBlocks(Source source) {
    try {
      return source.badBlocks();
    } catch (PmemException _) {
      return List.of(); // the map exists: bad blocks are met one by one
    }
  }

  /** Whether the pool was verified on this device, and since its last loss of power. */
  boolean isAsVerified(DeviceHeader header) {
    boolean sameCount =
        shutdownCount == NO_COUNT
            || header.shutdownCount() == NO_COUNT
            || shutdownCount == header.shutdownCount();
    boolean sameDevice =
        deviceId == NO_ID || header.deviceId() == NO_ID || deviceId == header.deviceId();
    return sameCount && sameDevice;
  }

  /** Whether a range has a bad block in it. */
  boolean isBad(long offset, long lengthBytes) {
    for (BadBlock block : badBlocks) {
      if (block.offset() < offset + lengthBytes && offset < block.end()) {
        return true;
      }
    }
    return false;
  }
}
