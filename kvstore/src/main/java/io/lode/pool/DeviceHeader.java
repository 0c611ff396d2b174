package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The header of a device, as values. It stands on the device twice; of two valid copies the one
 * with the higher revision counts.
 *
 * @param flags {@link PoolFormat#FLAG_CLEAN} or 0
 * @param incompatible feature bits that a reader must know
 * @param compatible feature bits that a reader may ignore
 * @param poolId names the pool, the same on all its devices
 * @param seed random, salts every checksum of the pool
 * @param deviceIndex this device's place in the pool
 * @param deviceCount how many devices the pool has
 * @param sizeBytes how much of the device the pool uses
 * @param segmentBytes the size of a segment
 * @param segmentCount how many segments there are
 * @param revision counts the writes of this header
 * @param epoch counts the openings for writing
 * @param nonce random, names the owner of this epoch
 * @param shutdownCount the device's unsafe shutdown count when it was last verified, -1 if unknown
 * @param deviceId hash of the device's identity when it was last verified, 0 if unknown
 * @param namespace uuid of the device's namespace when it was last verified, zero if unknown
 * @param lastSequence the highest sequence in the pool when it was closed; counts only if clean
 * @param openEnds how far the records of the segments without summaries reached when the pool was
 *     closed; counts only if clean
 */
record DeviceHeader(
    int flags,
    long incompatible,
    long compatible,
    UUID poolId,
    long seed,
    int deviceIndex,
    int deviceCount,
    long sizeBytes,
    long segmentBytes,
    long segmentCount,
    long revision,
    long epoch,
    long nonce,
    long shutdownCount,
    long deviceId,
    UUID namespace,
    long lastSequence,
    List<OpenEnd> openEnds) {

  boolean isClean() {
    return (flags & FLAG_CLEAN) != 0;
  }

  /** The header of a new owner: not clean from its first write on. */
  DeviceHeader opened(long newNonce, DeviceState verified) {
    return next(
        flags & ~FLAG_CLEAN, sizeBytes, segmentCount, epoch + 1, newNonce, 0, List.of(), verified);
  }

  /** The header that the owner leaves when nothing is in flight. */
  DeviceHeader closed(long sequence, List<OpenEnd> ends) {
    return next(
        flags | FLAG_CLEAN,
        sizeBytes,
        segmentCount,
        epoch,
        nonce,
        sequence,
        ends,
        DeviceState.UNKNOWN);
  }

  /** The header of an owner whose device has become larger. */
  DeviceHeader grown(long newSizeBytes, long newSegmentCount) {
    return next(
        flags,
        newSizeBytes,
        newSegmentCount,
        epoch,
        nonce,
        lastSequence,
        openEnds,
        DeviceState.UNKNOWN);
  }

  private DeviceHeader next(
      int newFlags,
      long newSizeBytes,
      long newSegmentCount,
      long newEpoch,
      long newNonce,
      long newLastSequence,
      List<OpenEnd> newOpenEnds,
      DeviceState verified) {
    return new DeviceHeader(
        newFlags,
        incompatible,
        compatible,
        poolId,
        seed,
        deviceIndex,
        deviceCount,
        newSizeBytes,
        segmentBytes,
        newSegmentCount,
        revision + 1,
        newEpoch,
        newNonce,
        verified.shutdownCount() == DeviceState.NO_COUNT ? shutdownCount : verified.shutdownCount(),
        verified.deviceId() == DeviceState.NO_ID ? deviceId : verified.deviceId(),
        verified.namespace().equals(DeviceState.NO_NAMESPACE) ? namespace : verified.namespace(),
        newLastSequence,
        newOpenEnds);
  }

  /** Returns the bytes of one copy, on the heap. */
  MemorySegment encode() {
    byte[] raw = new byte[DEVICE_HEADER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    bytes.set(U64, D_MAGIC, DEVICE_MAGIC);
    bytes.set(U32, D_VERSION, VERSION);
    bytes.set(U32, D_FLAGS, flags);
    bytes.set(U64, D_INCOMPATIBLE, incompatible);
    bytes.set(U64, D_COMPATIBLE, compatible);
    bytes.set(U64, D_POOL_ID_HIGH, poolId.getMostSignificantBits());
    bytes.set(U64, D_POOL_ID_LOW, poolId.getLeastSignificantBits());
    bytes.set(U64, D_SEED, seed);
    bytes.set(U32, D_DEVICE_INDEX, deviceIndex);
    bytes.set(U32, D_DEVICE_COUNT, deviceCount);
    bytes.set(U64, D_SIZE, sizeBytes);
    bytes.set(U64, D_SEGMENT_BYTES, segmentBytes);
    bytes.set(U64, D_SEGMENT_COUNT, segmentCount);
    bytes.set(U64, D_REVISION, revision);
    bytes.set(U64, D_EPOCH, epoch);
    bytes.set(U64, D_NONCE, nonce);
    bytes.set(U64, D_SHUTDOWN_COUNT, shutdownCount);
    bytes.set(U64, D_DEVICE_ID, deviceId);
    bytes.set(U64, D_NAMESPACE_HIGH, namespace.getMostSignificantBits());
    bytes.set(U64, D_NAMESPACE_LOW, namespace.getLeastSignificantBits());
    bytes.set(U64, D_LAST_SEQUENCE, lastSequence);
    int at = D_OPEN_ENDS;
    for (OpenEnd end : openEnds) {
      bytes.set(U32, at, end.segment() + 1);
      bytes.set(U32, at + Integer.BYTES, (int) (end.tail() / TAIL_UNIT_BYTES));
      at += Long.BYTES;
    }
    bytes.set(U32, D_CHECKSUM, new Checksum().of(raw, 0, D_CHECKSUM));
    return bytes;
  }

  /** Reads the fields of a copy whose checksum was found right. */
  static DeviceHeader decode(MemorySegment bytes) {
    return new DeviceHeader(
        bytes.get(U32, D_FLAGS),
        bytes.get(U64, D_INCOMPATIBLE),
        bytes.get(U64, D_COMPATIBLE),
        new UUID(bytes.get(U64, D_POOL_ID_HIGH), bytes.get(U64, D_POOL_ID_LOW)),
        bytes.get(U64, D_SEED),
        bytes.get(U32, D_DEVICE_INDEX),
        bytes.get(U32, D_DEVICE_COUNT),
        bytes.get(U64, D_SIZE),
        bytes.get(U64, D_SEGMENT_BYTES),
        bytes.get(U64, D_SEGMENT_COUNT),
        bytes.get(U64, D_REVISION),
        bytes.get(U64, D_EPOCH),
        bytes.get(U64, D_NONCE),
        bytes.get(U64, D_SHUTDOWN_COUNT),
        bytes.get(U64, D_DEVICE_ID),
        new UUID(bytes.get(U64, D_NAMESPACE_HIGH), bytes.get(U64, D_NAMESPACE_LOW)),
        bytes.get(U64, D_LAST_SEQUENCE),
        openEnds(bytes));
  }

  private static List<OpenEnd> openEnds(MemorySegment bytes) {
    List<OpenEnd> ends = new ArrayList<>();
    for (int at = D_OPEN_ENDS; at < D_RESERVED; at += Long.BYTES) {
      int number = bytes.get(U32, at);
      if (number != 0) {
        long tail = Integer.toUnsignedLong(bytes.get(U32, at + Integer.BYTES)) * TAIL_UNIT_BYTES;
        ends.add(new OpenEnd(number - 1, tail));
      }
    }
    return List.copyOf(ends);
  }
}
