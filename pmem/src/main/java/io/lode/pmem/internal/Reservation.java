package io.lode.pmem.internal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A reserved range of addresses and the maps in it. Exactly the visible range is reserved, without
 * padding. Thread safe; the lock is held from the check of a slot to its registration.
 */
public final class Reservation {
  private static final String RESERVE = "reserve";

  private final ReentrantLock lock = new ReentrantLock();
  private final AddressSpace space = new AddressSpace();

  @GuardedBy("lock")
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();

  @GuardedBy("lock")
  private long address;

  @GuardedBy("lock")
  private long sizeBytes;

  @GuardedBy("lock")
  private boolean open = true;

  /** A map in the reservation; null while it is being created. */
  private static final class Slot {
    private final long end;

    /** Under the reservation's lock, which a static class cannot name. */
    private @Nullable PmemMap map;

    private Slot(long end) {
      this.end = end;
    }
  }

  /**
   * Reserves addresses.
   *
   * @param wanted the address, 0 for any
   * @param sizeBytes a multiple of the page size, positive
   * @throws PmemException ADDRESS_UNALIGNED, LENGTH_UNALIGNED, MAPPING_EXISTS, or a negative errno
   */
  public Reservation(long wanted, long sizeBytes) {
    String place = describe(wanted, sizeBytes);
    long page = space.pageSizeBytes();
    require(wanted % page == 0, RESERVE, place, PmemError.ADDRESS_UNALIGNED);
    require(sizeBytes % page == 0, RESERVE, place, PmemError.LENGTH_UNALIGNED);
    long result = wanted == 0 ? space.reserve(sizeBytes) : space.reserveAt(wanted, sizeBytes);
    if (result == -Errno.EEXIST.number()) {
      throw Failures.of(RESERVE, place, PmemError.MAPPING_EXISTS, "");
    }
    if (result < 0) {
      throw Failures.errno(RESERVE, place, (int) -result);
    }
    this.address = result;
    this.sizeBytes = sizeBytes;
  }

  /** Returns the first address. */
  public long address() {
    lock.lock();
    try {
      requireOpen();
      return address;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the length in bytes. */
  public long sizeBytes() {
    lock.lock();
    try {
      requireOpen();
      return sizeBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Creates a map at an offset.
   *
   * @param offset from the start of the reservation
   * @param lengthBytes length of the map
   * @param alignmentBytes alignment of its source
   * @param make creates the map at an address
   * @throws PmemException OFFSET_UNALIGNED, LENGTH_OUT_OF_RANGE, ADDRESS_UNALIGNED, MAPPING_EXISTS
   */
  PmemMap place(long offset, long lengthBytes, long alignmentBytes, LongFunction<PmemMap> make) {
    lock.lock();
    try {
      requireOpen();
      String place = describe(address, sizeBytes) + " at offset " + offset;
      long page = space.pageSizeBytes();
      require(offset % page == 0, "map in", place, PmemError.OFFSET_UNALIGNED);
      // Both are multiples of the page size, so a map that fits still fits when rounded up.
      require(
          offset <= sizeBytes && lengthBytes <= sizeBytes - offset,
          "map in",
          place,
          PmemError.LENGTH_OUT_OF_RANGE);
      long rounded = AddressSpace.roundUp(lengthBytes, page);
      long at = address + offset;
      require(at % alignmentBytes == 0, "map in", place, PmemError.ADDRESS_UNALIGNED);
      require(
          overlapping(at, at + Math.max(1, rounded)) == null,
          "map in",
          place,
          PmemError.MAPPING_EXISTS);
      Slot slot = new Slot(at + rounded);
      slots.put(at, slot);
      boolean done = false;
      try {
        PmemMap map = make.apply(at);
        slot.map = map;
        done = true;
        return map;
      } finally {
        if (!done) {
          slots.remove(at);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Releases the place of a map that is closed; returns 0 or a negative error number. */
  int release(long at, long lengthBytes) {
    lock.lock();
    try {
      slots.remove(at);
      return space.blank(at, AddressSpace.roundUp(lengthBytes, space.pageSizeBytes()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds addresses at the end.
   *
   * @param bytes how many, a multiple of the page size
   * @throws PmemException LENGTH_UNALIGNED, MAPPING_EXISTS if they are taken, or a negative errno
   */
  public void extend(long bytes) {
    lock.lock();
    try {
      requireOpen();
      String place = describe(address, sizeBytes) + " by " + bytes;
      require(bytes % space.pageSizeBytes() == 0, "extend", place, PmemError.LENGTH_UNALIGNED);
      long result = space.reserveAt(address + sizeBytes, bytes);
      if (result == -Errno.EEXIST.number()) {
        throw Failures.of("extend", place, PmemError.MAPPING_EXISTS, "");
      }
      if (result < 0) {
        throw Failures.errno("extend", place, (int) -result);
      }
      sizeBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Releases addresses at the start or the end.
   *
   * @param offset where they begin, a multiple of the page size
   * @param bytes how many, a multiple of the page size
   * @throws PmemException OFFSET_UNALIGNED, LENGTH_UNALIGNED, OFFSET_OUT_OF_RANGE,
   *     LENGTH_OUT_OF_RANGE, NOSUPP for the middle or the whole, VM_RESERVATION_NOT_EMPTY
   */
  public void shrink(long offset, long bytes) {
    lock.lock();
    try {
      requireOpen();
      String place = describe(address, sizeBytes) + " by " + bytes + " at offset " + offset;
      long page = space.pageSizeBytes();
      require(offset % page == 0, "shrink", place, PmemError.OFFSET_UNALIGNED);
      require(bytes % page == 0, "shrink", place, PmemError.LENGTH_UNALIGNED);
      require(offset < sizeBytes, "shrink", place, PmemError.OFFSET_OUT_OF_RANGE);
      require(
          bytes != 0 && bytes <= sizeBytes - offset,
          "shrink",
          place,
          PmemError.LENGTH_OUT_OF_RANGE);
      boolean atStart = offset == 0;
      boolean atEnd = offset + bytes == sizeBytes;
      require(atStart != atEnd, "shrink", place, PmemError.NOSUPP);
      long at = address + offset;
      require(
          overlapping(at, at + bytes) == null, "shrink", place, PmemError.VM_RESERVATION_NOT_EMPTY);
      unmap("shrink", at, bytes);
      address += atStart ? bytes : 0;
      sizeBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the first map that overlaps a range; an empty range counts as its first byte. */
  public Optional<PmemMap> find(long offset, long bytes) {
    lock.lock();
    try {
      requireOpen();
      // Clipped to the reservation, so that no sum overflows: no map is outside.
      long from = Math.min(offset, sizeBytes);
      long length = Math.min(Math.max(1, bytes), sizeBytes - from);
      return mapOf(overlapping(address + from, address + from + length));
    } finally {
      lock.unlock();
    }
  }

  /** Returns the map with the lowest address. */
  public Optional<PmemMap> first() {
    lock.lock();
    try {
      requireOpen();
      return mapOf(slots.firstEntry());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the map with the highest address. */
  public Optional<PmemMap> last() {
    lock.lock();
    try {
      requireOpen();
      return mapOf(slots.lastEntry());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the map after one. */
  public Optional<PmemMap> next(PmemMap map) {
    lock.lock();
    try {
      requireOpen();
      return mapOf(slots.higherEntry(addressOf(map)));
    } finally {
      lock.unlock();
    }
  }

  /** Returns the map before one. */
  public Optional<PmemMap> previous(PmemMap map) {
    lock.lock();
    try {
      requireOpen();
      return mapOf(slots.lowerEntry(addressOf(map)));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Releases the addresses.
   *
   * @throws PmemException VM_RESERVATION_NOT_EMPTY if a map is still in it
   */
  public void close() {
    lock.lock();
    try {
      if (open) {
        String place = describe(address, sizeBytes);
        require(slots.isEmpty(), "end", place, PmemError.VM_RESERVATION_NOT_EMPTY);
        unmap("end", address, sizeBytes);
        open = false;
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private long addressOf(PmemMap map) {
    for (Map.Entry<Long, Slot> entry : slots.entrySet()) {
      if (Objects.equals(entry.getValue().map, map)) {
        return entry.getKey();
      }
    }
    throw Failures.of(
        "find in", describe(address, sizeBytes), PmemError.MAPPING_NOT_FOUND, map.toString());
  }

  @GuardedBy("lock")
  private Map.@Nullable Entry<Long, Slot> overlapping(long from, long to) {
    Map.Entry<Long, Slot> before = slots.floorEntry(from);
    if (before != null && before.getValue().end > from) {
      return before;
    }
    Map.Entry<Long, Slot> after = slots.ceilingEntry(from);
    return after != null && after.getKey() < to ? after : null;
  }

  private static Optional<PmemMap> mapOf(Map.@Nullable Entry<Long, Slot> entry) {
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.getValue().map);
  }

  private void unmap(String operation, long at, long bytes) {
    int result = space.unmap(at, bytes);
    if (result < 0) {
      throw Failures.errno(operation, describe(at, bytes), -result);
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException(describe(address, sizeBytes) + " has ended");
    }
  }

  private static void require(boolean condition, String operation, String place, PmemError error) {
    if (!condition) {
      throw Failures.of(operation, place, error, "");
    }
  }

  private static String describe(long address, long sizeBytes) {
    return "the addresses 0x" + Long.toHexString(address) + " [" + sizeBytes + " bytes]";
  }
}
