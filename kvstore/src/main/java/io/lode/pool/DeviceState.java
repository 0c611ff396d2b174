package io.lode.pool;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import io.lode.store.DeviceChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A device's report about itself: its identity and that of its namespace, its count of unsafe
 * shutdowns, and the ranges that are lost.
 *
 * @param shutdownCount how often it lost power before flushed data was safe, {@link #NO_COUNT} if
 *     it does not count
 * @param deviceId a hash of the devices' unique ids, {@link #NO_ID} if they have none
 * @param namespace the uuid of the namespace that it is or lies on, {@link #NO_NAMESPACE} if it has
 *     none; for several one that is made of all of theirs
 * @param badBlocks ranges that cannot be read, and must not be written through a map
 */
public record DeviceState(
    long shutdownCount, long deviceId, UUID namespace, List<BadBlock> badBlocks) {
  /** In place of a count. */
  static final long NO_COUNT = -1;

  /** In place of an id. */
  static final long NO_ID = 0;

  /** In place of a namespace's uuid. */
  public static final UUID NO_NAMESPACE = new UUID(0, 0);

  /** The state of a device that reports nothing. */
  public static final DeviceState UNKNOWN =
      new DeviceState(NO_COUNT, NO_ID, NO_NAMESPACE, List.of());

  /** Asks a device; whatever it does not report is unknown. */
  static DeviceState of(Source source) {
    return new DeviceState(
        shutdownCount(source), deviceId(source), namespace(source), badBlocks(source));
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

  /** Asks a device for its namespace alone. */
  static UUID namespace(Source source) {
    List<String> uuids =
        source.namespaces().stream().map(each -> each.uuid().toString()).sorted().toList();
    return switch (uuids.size()) {
      case 0 -> NO_NAMESPACE;
      case 1 -> UUID.fromString(uuids.getFirst());
      default -> UUID.nameUUIDFromBytes(String.join(",", uuids).getBytes(StandardCharsets.UTF_8));
    };
  }

  private static List<BadBlock> badBlocks(Source source) {
    try {
      return source.badBlocks();
    } catch (PmemException _) {
      return List.of(); // the map exists: bad blocks are met one by one
    }
  }

  /**
   * Compares the device with what the pool's header keeps of it; what either does not know is not
   * compared.
   *
   * @param header the header that counts
   * @param sizeBytes the size of the device now
   */
  List<DeviceChange> changesSince(DeviceHeader header, long sizeBytes) {
    List<DeviceChange> changes = new ArrayList<>();
    if (!namespace.equals(NO_NAMESPACE)
        && !header.namespace().equals(NO_NAMESPACE)
        && !namespace.equals(header.namespace())) {
      changes.add(
          new DeviceChange(
              DeviceChange.Kind.NAMESPACE,
              "the pool was last opened on namespace "
                  + header.namespace()
                  + ", and this is "
                  + namespace
                  + ": it was copied, or its namespace was made anew over the same bytes, which"
                  + " shows a pool that had been destroyed; compare the pool's id and what it"
                  + " holds with what you expect"));
    }
    if (deviceId != NO_ID && header.deviceId() != NO_ID && deviceId != header.deviceId()) {
      changes.add(
          new DeviceChange(
              DeviceChange.Kind.MEMORY_DEVICE,
              "the memory modules are not those that the pool was last opened on"));
    }
    if (shutdownCount != NO_COUNT
        && header.shutdownCount() != NO_COUNT
        && shutdownCount != header.shutdownCount()) {
      changes.add(
          new DeviceChange(
              DeviceChange.Kind.UNSAFE_SHUTDOWN,
              "the count of unsafe shutdowns was "
                  + header.shutdownCount()
                  + " and is "
                  + shutdownCount
                  + ": writes that were acknowledged may be missing"));
    }
    if (sizeBytes > header.sizeBytes()) {
      changes.add(
          new DeviceChange(
              DeviceChange.Kind.LARGER,
              "the pool has "
                  + header.sizeBytes()
                  + " bytes and the device "
                  + sizeBytes
                  + "; the rest is not used before the pool is made to grow"));
    }
    return List.copyOf(changes);
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
