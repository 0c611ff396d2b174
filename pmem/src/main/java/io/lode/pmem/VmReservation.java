package io.lode.pmem;

import io.lode.pmem.internal.Reservation;
import java.util.Optional;

/**
 * A reserved range of addresses for maps, so that they can be placed next to each other or at their
 * previous addresses. {@link MapConfig#in} places a map in it; when the map is closed, its place is
 * free again.
 *
 * <p><b>Lifetime.</b> Ends with {@link #close}, once all maps in it are closed. <b>Threads.</b>
 * Safe for use by many threads.
 */
public final class VmReservation implements AutoCloseable {
  private final Reservation reservation;

  private VmReservation(Reservation reservation) {
    this.reservation = reservation;
  }

  /**
   * Reserves addresses anywhere. They begin at a multiple of 2 MiB, or of 1 GiB for 2 GiB or more.
   *
   * @param sizeBytes the length, a positive multiple of the page size
   * @return the reservation
   * @throws PmemException LENGTH_UNALIGNED, or a negative errno
   * @throws IllegalArgumentException if not positive
   */
  public static VmReservation of(long sizeBytes) {
    requirePositive(sizeBytes);
    return new VmReservation(new Reservation(0, sizeBytes));
  }

  /**
   * Reserves given addresses.
   *
   * @param address the first address, a positive multiple of the page size
   * @param sizeBytes the length, a positive multiple of the page size
   * @return the reservation
   * @throws PmemException ADDRESS_UNALIGNED, LENGTH_UNALIGNED, MAPPING_EXISTS if any of them is
   *     taken, or a negative errno
   * @throws IllegalArgumentException if either is not positive
   */
  public static VmReservation at(long address, long sizeBytes) {
    requirePositive(address);
    requirePositive(sizeBytes);
    return new VmReservation(new Reservation(address, sizeBytes));
  }

  private static void requirePositive(long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(value + " is not positive");
    }
  }

  /**
   * Returns the first address.
   *
   * @return the address
   */
  public long address() {
    return reservation.address();
  }

  /**
   * Returns the length.
   *
   * @return bytes
   */
  public long sizeBytes() {
    return reservation.sizeBytes();
  }

  /**
   * Adds addresses at the end. If this fails, nothing has changed.
   *
   * @param bytes how many to add, a positive multiple of the page size
   * @throws PmemException LENGTH_UNALIGNED, MAPPING_EXISTS if any of them is taken, or a negative
   *     errno
   * @throws IllegalArgumentException if not positive
   */
  public void extend(long bytes) {
    requirePositive(bytes);
    reservation.extend(bytes);
  }

  /**
   * Releases addresses at the start or the end.
   *
   * @param offset where they begin in the reservation, a multiple of the page size
   * @param bytes how many to release, a multiple of the page size
   * @throws PmemException OFFSET_UNALIGNED, LENGTH_UNALIGNED, OFFSET_OUT_OF_RANGE if the offset is
   *     not inside, LENGTH_OUT_OF_RANGE for 0 bytes or more than there are, NOSUPP for a part in
   *     the middle and for the whole, VM_RESERVATION_NOT_EMPTY if a map is there
   * @throws IllegalArgumentException if either is negative
   */
  public void shrink(long offset, long bytes) {
    requireNotNegative(offset, bytes);
    reservation.shrink(offset, bytes);
  }

  /**
   * Finds the map with the lowest address that overlaps a range.
   *
   * @param offset where the range begins, from the start of the reservation
   * @param bytes its length; 0 for the map that holds the offset, as in libpmem2
   * @return the map, if there is one
   * @throws IllegalArgumentException if either is negative
   */
  public Optional<PmemMap> find(long offset, long bytes) {
    requireNotNegative(offset, bytes);
    return reservation.find(offset, bytes);
  }

  private static void requireNotNegative(long offset, long bytes) {
    if (offset < 0 || bytes < 0 || offset + bytes < 0) {
      throw new IllegalArgumentException("offset " + offset + ", " + bytes + " bytes");
    }
  }

  /**
   * Returns the map with the lowest address.
   *
   * @return the map, if there is one
   */
  public Optional<PmemMap> first() {
    return reservation.first();
  }

  /**
   * Returns the map with the highest address.
   *
   * @return the map, if there is one
   */
  public Optional<PmemMap> last() {
    return reservation.last();
  }

  /**
   * Returns the map with the next higher address.
   *
   * @param map a map in this reservation
   * @return the map, if there is one
   * @throws PmemException MAPPING_NOT_FOUND if the given map is not in this reservation
   */
  public Optional<PmemMap> next(PmemMap map) {
    return reservation.next(map);
  }

  /**
   * Returns the map with the next lower address.
   *
   * @param map a map in this reservation
   * @return the map, if there is one
   * @throws PmemException MAPPING_NOT_FOUND if the given map is not in this reservation
   */
  public Optional<PmemMap> previous(PmemMap map) {
    return reservation.previous(map);
  }

  Reservation reservation() {
    return reservation;
  }

  /**
   * Releases the addresses. Closing again does nothing.
   *
   * @throws PmemException VM_RESERVATION_NOT_EMPTY if a map is still in it
   */
  @Override
  public void close() {
    reservation.close();
  }
}
