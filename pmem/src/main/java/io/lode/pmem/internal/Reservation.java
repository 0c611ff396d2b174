package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses that is held, and the maps in it. Only what is visible is held: there is no
 * padding around it. Thread safe; the lock is held from the check of a slot to its registration.
 */
public final class Reservation {
  private static final String RESERVE = "reserve";

  private final ReentrantLock lock = new ReentrantLock();
  private final AddressSpace space = new AddressSpace();
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();
  private long address;
  private long sizeBytes;
  private boolean open = true;

  /** A map in the reservation; the map is null while it is being made. */
  private static final class Slot {
    private final long end;
    private @Nullable PmemMap map;

    private Slot(long end) {
      this.end = end;
    }
  }

  /**
   * Reserves.
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
    return locked(() -> address);
  }

  /** Returns the length in bytes. */
  public long sizeBytes() {
    return locked(() -> sizeBytes);
  }

  /**
   * Places a map.
   *
   * @param offset from the start of the reservation
   * @param lengthBytes of the map
   * @param alignmentBytes of its source
   * @param make makes the map at an address
   * @throws PmemException OFFSET_UNALIGNED, LENGTH_OUT_OF_RANGE, ADDRESS_UNALIGNED, MAPPING_EXISTS
   */
  PmemMap place(long offset, long lengthBytes, long alignmentBytes, LongFunction<PmemMap> make) {
    lock.lock();
    try {
      requireOpen();
      String place = describe(address, sizeBytes) + " at offset " + offset;
      long page = space.pageSizeBytes();
      require(offset % page == 0, "map in", place, PmemError.OFFSET_UNALIGNED);
      // Both are multiples of the page size, so what fits still does when it is rounded up.
      require(
          offset <= sizeBytes && lengthBytes <= sizeBytes - offset,
          "map in",
          place,
          PmemError.LENGTH_OUT_OF_RANGE);
      long rounded = AddressSpace.roundUp(lengthBytes, page);
      long at = address + offset;
      require(at % alignmentBytes == 0, "map in", place, PmemError.ADDRESS_UNALIGNED);
      require(
          overlapping(at, at + Math.max(1, rounded)).isEmpty(),
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

  /** Blanks the place of a map that ends; returns 0 or a negative error number. */
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
   * Gives back addresses of the start or the end.
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
          overlapping(at, at + bytes).isEmpty(),
          "shrink",
          place,
          PmemError.VM_RESERVATION_NOT_EMPTY);
      unmap("shrink", at, bytes);
      address += atStart ? bytes : 0;
      sizeBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the first map that overlaps a range; an empty one stands for its first byte. */
  public Optional<PmemMap> find(long offset, long bytes) {
    return lockedMap(all -> {
      // Cut to what is held, so that no sum overflows: no map is outside.
      long from = Math.min(offset, sizeBytes);
      long length = Math.min(Math.max(1, bytes), sizeBytes - from);
      return overlapping(address + from, address + from + length).orElse(null);
    });
  }

  /** Returns the map with the lowest address. */
  public Optional<PmemMap> first() {
    return lockedMap(all -> slot(all.firstEntry()));
  }

  /** Returns the map with the highest address. */
  public Optional<PmemMap> last() {
    return lockedMap(all -> slot(all.lastEntry()));
  }

  /** Returns the map after one. */
  public Optional<PmemMap> next(PmemMap map) {
    return lockedMap(all -> slot(all.higherEntry(addressOf(map))));
  }

  /** Returns the map before one. */
  public Optional<PmemMap> previous(PmemMap map) {
    return lockedMap(all -> slot(all.lowerEntry(addressOf(map))));
  }

  /**
   * Ends the reservation.
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

  private long addressOf(PmemMap map) {
    for (Map.Entry<Long, Slot> entry : slots.entrySet()) {
      if (Objects.equals(entry.getValue().map, map)) {
        return entry.getKey();
      }
    }
    throw Failures.of(
        "find in", describe(address, sizeBytes), PmemError.MAPPING_NOT_FOUND, map.toString());
  }

  private Optional<Slot> overlapping(long from, long to) {
    Map.Entry<Long, Slot> before = slots.floorEntry(from);
    if (before != null && before.getValue().end > from) {
      return Optional.of(before.getValue());
    }
    Map.Entry<Long, Slot> after = slots.ceilingEntry(from);
    return after != null && after.getKey() < to ? Optional.of(after.getValue()) : Optional.empty();
  }

  private static @Nullable Slot slot(Map.@Nullable Entry<Long, Slot> entry) {
    return entry == null ? null : entry.getValue();
  }

  private Optional<PmemMap> lockedMap(Function<NavigableMap<Long, Slot>, @Nullable Slot> choice) {
    return locked(() -> {
      Slot slot = choice.apply(slots);
      return slot == null ? Optional.empty() : Optional.ofNullable(slot.map);
    });
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      requireOpen();
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void unmap(String operation, long at, long bytes) {
    int result = space.unmap(at, bytes);
    if (result < 0) {
      throw Failures.errno(operation, describe(at, bytes), -result);
    }
  }

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
