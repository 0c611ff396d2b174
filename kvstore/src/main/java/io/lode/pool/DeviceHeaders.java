package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.pmem.CopyFlags;
import io.lode.pmem.PmemMap;
import io.lode.store.Damage;
import io.lode.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two copies of a device header: which of them counts, and how both are replaced. */
final class DeviceHeaders {
  private static final int COPIES = 2;

  private DeviceHeaders() {}

  /**
   * What stands on the device.
   *
   * @param header the copy that counts
   * @param copiesAgree whether the other one says the same
   */
  record Found(DeviceHeader header, boolean copiesAgree) {}

  /**
   * Finds the header that counts.
   *
   * @throws StoreException.Foreign if neither copy looks like a header
   * @throws StoreException.Newer if it is one of a format not known here yet
   * @throws StoreException.Older if it is one of a format from before the first release
   * @throws StoreException.Damaged if it was one, or if the device is shorter than it says
   */
  static Found read(String pool, PmemMap map) {
    if (map.size() < SEGMENTS_OFFSET) {
      throw tooShort(pool, map);
    }
    DeviceHeader best = null;
    int agreeing = 0;
    boolean magicSeen = false;
    int foreignVersion = VERSION;
    for (int copy = 0; copy < COPIES; copy++) {
      byte[] raw = new byte[DEVICE_HEADER_BYTES];
      MemorySegment bytes = MemorySegment.ofArray(raw);
      if (!GuardedRead.copy(map, copy * COPY_STRIDE_BYTES, bytes, 0, DEVICE_HEADER_BYTES)
          || bytes.get(U64, D_MAGIC) != DEVICE_MAGIC) {
        continue;
      }
      magicSeen = true;
      if (bytes.get(U32, D_VERSION) != VERSION) {
        foreignVersion = bytes.get(U32, D_VERSION);
      } else if (bytes.get(U32, D_CHECKSUM) == new Checksum().of(raw, 0, D_CHECKSUM)) {
        DeviceHeader header = DeviceHeader.decode(bytes);
        agreeing = header.equals(best) ? agreeing + 1 : 1;
        if (best == null || header.revision() > best.revision()) {
          best = header;
        }
      }
    }
    if (best != null) {
      return new Found(checked(pool, map, best), agreeing == COPIES);
    }
    if (!magicSeen && holdsSegments(map)) {
      throw new StoreException.Damaged(
          pool,
          0,
          "both copies of the device header are gone, and behind them are segments of a pool;"
              + " nothing was changed. Restore the pool, or its first "
              + SEGMENTS_OFFSET
              + " bytes, from a copy");
    }
    throw refusal(pool, magicSeen, foreignVersion);
  }

  /** Whether a header of a segment stands where the first one would be. */
  private static boolean holdsSegments(PmemMap map) {
    for (int copy = 0; copy < COPIES; copy++) {
      MemorySegment magic = MemorySegment.ofArray(new byte[Long.BYTES]);
      long offset = SEGMENTS_OFFSET + copy * COPY_STRIDE_BYTES;
      if (offset + Long.BYTES <= map.size()
          && GuardedRead.copy(map, offset, magic, 0, Long.BYTES)
          && magic.get(U64, S_MAGIC) == SEGMENT_MAGIC) {
        return true;
      }
    }
    return false;
  }

  /** Finds copies that no crash leaves: neither the header that counts nor one from before it. */
  static List<Damage> damagedCopies(PmemMap map, DeviceHeader counts) {
    List<Damage> damages = new ArrayList<>();
    for (int copy = 0; copy < COPIES; copy++) {
      DeviceHeader header = valid(map, copy);
      if (header == null || !header.poolId().equals(counts.poolId())) {
        damages.add(
            new Damage(
                copy * COPY_STRIDE_BYTES,
                DEVICE_HEADER_BYTES,
                "a copy of the device header; the other one is whole, and the next opening for"
                    + " writing replaces this one"));
      }
    }
    return damages;
  }

  /** Tells whether a device starts with nothing but zeros where its headers would be. */
  static boolean isBlank(PmemMap map) {
    byte[] start = new byte[(int) Math.min(map.size(), SEGMENTS_OFFSET)];
    return GuardedRead.copy(map, 0, MemorySegment.ofArray(start), 0, start.length)
        && Arrays.equals(start, new byte[start.length]);
  }

  /**
   * Replaces both copies, one after the other, so that a crash leaves at least one whole. The copy
   * that counts is replaced last: after a crash the other one may be torn.
   */
  static void write(PmemMap map, DeviceHeader header) {
    MemorySegment bytes = header.encode();
    int first = revision(map, 0) > revision(map, 1) ? 1 : 0;
    for (int i = 0; i < COPIES; i++) {
      long offset = (first ^ i) * COPY_STRIDE_BYTES;
      map.copy(offset, bytes, 0, DEVICE_HEADER_BYTES, CopyFlags.NONE);
    }
  }

  /** Returns the revision of one copy, -1 if it is not valid. */
  private static long revision(PmemMap map, int copy) {
    DeviceHeader header = valid(map, copy);
    return header == null ? -1 : header.revision();
  }

  private static @Nullable DeviceHeader valid(PmemMap map, int copy) {
    byte[] raw = new byte[DEVICE_HEADER_BYTES];
    MemorySegment bytes = MemorySegment.ofArray(raw);
    boolean valid =
        GuardedRead.copy(map, copy * COPY_STRIDE_BYTES, bytes, 0, DEVICE_HEADER_BYTES)
            && bytes.get(U64, D_MAGIC) == DEVICE_MAGIC
            && bytes.get(U32, D_CHECKSUM) == new Checksum().of(raw, 0, D_CHECKSUM);
    return valid ? DeviceHeader.decode(bytes) : null;
  }

  /** Makes a device look blank, so that a crash while it is formatted leaves no old pool behind. */
  static void erase(PmemMap map) {
    map.fill(0, SEGMENTS_OFFSET, (byte) 0, CopyFlags.NONE);
  }

  /**
   * Returns the header that counts now, on a device that was opened.
   *
   * @return null if no copy is valid any more
   */
  static @Nullable DeviceHeader current(PmemMap map) {
    DeviceHeader first = valid(map, 0);
    DeviceHeader second = valid(map, 1);
    return first == null || (second != null && second.revision() > first.revision())
        ? second
        : first;
  }

  /**
   * Returns the owner's nonce as the first copy holds it now, 0 if it cannot be read: a quick look.
   */
  static long currentNonce(PmemMap map) {
    MemorySegment nonce = MemorySegment.ofArray(new byte[Long.BYTES]);
    return GuardedRead.copy(map, D_NONCE, nonce, 0, Long.BYTES) ? nonce.get(U64, 0) : 0;
  }

  private static DeviceHeader checked(String pool, PmemMap map, DeviceHeader header) {
    if (header.incompatible() != 0) {
      throw new StoreException.Newer(
          pool,
          "uses features 0x"
              + Long.toHexString(header.incompatible())
              + " that this version does not know; open it with a newer one");
    }
    boolean sane =
        isSegmentSize(header.segmentBytes())
            && header.segmentCount() >= 1
            && header.segmentCount() <= Integer.MAX_VALUE
            && header.sizeBytes() > 0
            && header.segmentCount() <= fittingSegments(header.sizeBytes(), header.segmentBytes())
            && header.deviceCount() >= 1
            && header.deviceIndex() >= 0
            && header.deviceIndex() < header.deviceCount();
    if (!sane) {
      throw new StoreException.Damaged(
          pool, 0, "the device header contradicts itself; restore the pool from a copy");
    }
    if (header.deviceCount() > 1) {
      throw new StoreException.Missing(
          pool,
          "is device " + header.deviceIndex() + " of " + header.deviceCount() + "; give them all",
          null);
    }
    if (map.size() < header.sizeBytes()) {
      throw new StoreException.Damaged(
          pool,
          map.size(),
          "truncated: the pool has "
              + header.sizeBytes()
              + " bytes, here are "
              + map.size()
              + "; restore the pool from a copy");
    }
    return header;
  }

  private static StoreException refusal(String pool, boolean magicSeen, int foreignVersion) {
    if (Integer.compareUnsigned(foreignVersion, VERSION) < 0) {
      return new StoreException.Older(
          pool,
          "has format version "
              + foreignVersion
              + ", which was never released and is no longer read: the first one kept is version "
              + VERSION
              + "; copy its entries with the build that wrote it");
    }
    if (foreignVersion != VERSION) {
      return new StoreException.Newer(
          pool,
          "has format version "
              + Integer.toUnsignedString(foreignVersion)
              + ", this one reads version "
              + VERSION
              + "; open it with the version that wrote it");
    }
    if (magicSeen) {
      return new StoreException.Damaged(
          pool, 0, "both copies of the device header are damaged; restore the pool from a copy");
    }
    return new StoreException.Foreign(
        pool, "is not a pool; nothing was changed. Give another path");
  }

  private static StoreException tooShort(String pool, PmemMap map) {
    return new StoreException.Foreign(
        pool,
        "is not a pool: "
            + map.size()
            + " bytes are too few even for a header; nothing was changed. Give another path");
  }
}
