package io.lode.pmem;

import io.lode.pmem.internal.ExistingMemory;
import io.lode.pmem.internal.Mapping;
import io.lode.pmem.internal.Platform;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a map is to be: which part of a source, for whom, and with which promise. Immutable; one
 * config serves any number of maps and sources.
 *
 * <p>The granularity has no default: it is the one choice that can cost data.
 */
public final class MapConfig {
  private final Granularity required;
  private final long offset;
  private final long lengthBytes;
  private final Sharing sharing;
  private final Protection protection;
  private final @Nullable VmReservation reservation;
  private final long reservationOffset;

  private MapConfig(
      Granularity required,
      long offset,
      long lengthBytes,
      Sharing sharing,
      Protection protection,
      @Nullable VmReservation reservation,
      long reservationOffset) {
    this.required = Objects.requireNonNull(required, "granularity");
    this.sharing = Objects.requireNonNull(sharing, "sharing");
    this.protection = Objects.requireNonNull(protection, "protection");
    if (offset < 0 || lengthBytes < 0) {
      throw new IllegalArgumentException(
          "offset " + offset + ", length " + lengthBytes + ": neither may be negative");
    }
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.reservation = reservation;
    this.reservationOffset = reservationOffset;
  }

  /**
   * Starts a config: the whole source, shared, for reading and writing.
   *
   * @param required the coarsest granularity that the program can live with
   * @return the config
   */
  public static MapConfig of(Granularity required) {
    return new MapConfig(required, 0, 0, Sharing.SHARED, Protection.READ_WRITE, null, 0);
  }

  /**
   * Returns this config with another offset.
   *
   * @param offset first byte of the source, a multiple of its alignment, not negative; checked but
   *     without effect for anonymous memory, as in libpmem2
   * @return the new config
   * @throws IllegalArgumentException if negative
   */
  public MapConfig offset(long offset) {
    return new MapConfig(
        required, offset, lengthBytes, sharing, protection, reservation, reservationOffset);
  }

  /**
   * Returns this config with another length.
   *
   * @param lengthBytes bytes, a multiple of the source's alignment; 0 for all from the offset on,
   *     also when the end is not aligned
   * @return the new config
   * @throws IllegalArgumentException if negative
   */
  public MapConfig length(long lengthBytes) {
    return new MapConfig(
        required, offset, lengthBytes, sharing, protection, reservation, reservationOffset);
  }

  /**
   * Returns this config with another sharing.
   *
   * @param sharing who sees the stores
   * @return the new config
   */
  public MapConfig sharing(Sharing sharing) {
    return new MapConfig(
        required, offset, lengthBytes, sharing, protection, reservation, reservationOffset);
  }

  /**
   * Returns this config with another protection.
   *
   * @param protection what the map lets its user do
   * @return the new config
   */
  public MapConfig protection(Protection protection) {
    return new MapConfig(
        required, offset, lengthBytes, sharing, protection, reservation, reservationOffset);
  }

  /**
   * Returns this config with a place for the map.
   *
   * @param reservation where the map is placed
   * @param offset bytes from the start of the reservation, a multiple of the page size; the address
   *     must be a multiple of the source's alignment
   * @return the new config
   * @throws IllegalArgumentException if the offset is negative
   */
  public MapConfig in(VmReservation reservation, long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset + " in the reservation is negative");
    }
    return new MapConfig(
        required,
        this.offset,
        lengthBytes,
        sharing,
        protection,
        Objects.requireNonNull(reservation, "reservation"),
        offset);
  }

  /**
   * Maps a source. The map does not need the source afterwards.
   *
   * <p>Its address is a multiple of 2 MiB, from 2 GiB on of 1 GiB, so that huge pages can be used.
   *
   * <p>A shared map for writing that is finer than {@link Granularity#PAGE} is written by native
   * instructions, for which a page without memory would be the end of the process. Every page of a
   * file is therefore allocated and populated here, unless the file system says that all of the
   * range was written already; a file system that is full is an exception of this method.
   * {@linkplain Source#badBlocks Bad blocks} do not keep a source from being mapped: the map
   * refuses to store to them. {@link PmemMap} says under <i>Faults</i> what cannot be prevented.
   *
   * @param source what to map
   * @return the map, to be closed
   * @throws PmemException in this order of checks: NOSUPP for a kind that cannot be mapped,
   *     INVALID_ALIGNMENT_VALUE, OFFSET_UNALIGNED, SRC_DEVDAX_PRIVATE, SOURCE_EMPTY,
   *     LENGTH_UNALIGNED, MAP_RANGE; in a reservation OFFSET_UNALIGNED, LENGTH_OUT_OF_RANGE,
   *     ADDRESS_UNALIGNED, MAPPING_EXISTS; NO_ACCESS if the source is not writable but the map is
   *     to be; a negative errno of {@code mmap(2)}; GRANULARITY_NOT_SUPPORTED if the medium gives
   *     only a coarser granularity; ENOSPC if the pages cannot be allocated
   * @throws IllegalStateException if the source is closed
   */
  public PmemMap map(Source source) {
    source.requireMappable();
    Mapping.Request request =
        new Mapping.Request(
            source.place(),
            source.kind(),
            source.file(),
            source.sizeBytes(),
            source.alignmentBytes(),
            required,
            offset,
            lengthBytes,
            sharing,
            protection,
            reservation == null ? null : reservation.reservation(),
            reservationOffset);
    return Mapping.open(request, source.platform());
  }

  /**
   * Makes a map of memory that the caller has mapped already, with the caller's word for its
   * granularity; what is finer than PAGE is marked as emulated, for nothing was checked. Closing
   * the map leaves the memory alone; closing the memory's arena ends the map.
   *
   * <p>Nothing keeps two maps from covering the same memory: each persists for itself.
   *
   * @param memory native memory; for PAGE it begins at a page
   * @param granularity the unit in which stores to it become durable
   * @return the map; for a read-only segment one with protection READ
   * @throws PmemException ADDRESS_UNALIGNED for PAGE if it does not begin at a page; NOSUPP where
   *     the routines for a finer granularity cannot run; a negative errno if its pages cannot be
   *     populated
   * @throws IllegalArgumentException if the memory is empty or on the heap
   */
  public static PmemMap mapExisting(MemorySegment memory, Granularity granularity) {
    return ExistingMemory.map(memory, granularity, Platform.ofThisMachine());
  }

  @Override
  public String toString() {
    return "at most "
        + required
        + ", offset "
        + offset
        + ", length "
        + (lengthBytes == 0 ? "to the end" : lengthBytes)
        + ", "
        + sharing
        + ", "
        + protection;
  }
}
