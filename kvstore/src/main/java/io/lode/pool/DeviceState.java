package io.lode.pool;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * What a device tells about itself: whether it broke its promise since it was asked last, and what
 * of it is lost.
 *
 * @param shutdownCount how often it lost power before what had been flushed was safe, {@link
 *     #NO_COUNT} if it does not count
 * @param deviceId a hash of the devices' unique ids, {@link #NO_ID} if they have none
 * @param badBlocks ranges that cannot be read, and must not be written through a map
 */
public record DeviceState(long shutdownCount, long deviceId, List<BadBlock> badBlocks) {
  /** In place of a count. */
  static final long NO_COUNT = -1;

  /** In place of an id. */
  static final long NO_ID = 0;

  /** Of a device that tells nothing. */
  public static final DeviceState UNKNOWN = new DeviceState(NO_COUNT, NO_ID, List.of());

  /** Asks a device; what it does not tell is unknown. */
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
      return List.of(); // the map was made: what is bad there is met one by one
    }
  }

  /** Whether what is on this device was verified on it, and after its last loss of power. */
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
