package io.lode.pmem;

import io.lode.pmem.internal.ExistingMemory;
import io.lode.pmem.internal.Mapping;
import io.lode.pmem.internal.Platform;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a map: which part of a source, shared or private, and with which
 * granularity. Immutable; one config serves any number of maps and sources.
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
   * Returns a config of the whole source, shared, for reading and writing.
   *
   * @param required the coarsest granularity that the program accepts
   * @return the config
   */
  public static MapConfig of(Granularity required) {
    return new MapConfig(required, 0, 0, Sharing.SHARED, Protection.READ_WRITE, null, 0);
  }

  /**
   * Returns this config with another offset.
   *
   * @param offset first byte of the source, a multiple of its alignment, not negative; for
   *     anonymous memory it is checked but has no effect, as in libpmem2
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
   * @param lengthBytes bytes, a multiple of the source's alignment; 0 for everything after the
   *     offset, even if the end is not aligned
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
   * @param protection the permitted accesses
   * @return the new config
   */
  public MapConfig protection(Protection protection) {
    return new MapConfig(
        required, offset, lengthBytes, sharing, protection, reservation, reservationOffset);
  }

  /**
   * Returns this config with a place in a reservation.
   *
   * @param reservation the addresses in which the map is placed
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
   * <p>The map's address is a multiple of 2 MiB, and of 1 GiB for maps of 2 GiB or more, so that
   * huge pages can be used.
   *
   * <p>A shared map for writing that is finer than {@link Granularity#PAGE} is written by native
   * instructions, for which a page without memory would end the process. This method therefore
   * allocates and populates every page of a file that the file system does not report as written
   * already; on a full file system it throws. What the file shares with a clone is not copied now:
   * see {@link PmemMap#ensureAllocated}. {@linkplain Source#badBlocks Bad blocks} do not prevent
   * mapping: the map refuses to store to them. {@link PmemMap} describes under <i>Faults</i> what
   * cannot be prevented.
   *
   * @param source the source to map
   * @return the map, to be closed
   * @throws PmemException in this order of checks: NOSUPP for a kind that cannot be mapped,
   *     INVALID_ALIGNMENT_VALUE, OFFSET_UNALIGNED, SRC_DEVDAX_PRIVATE, SOURCE_EMPTY,
   *     LENGTH_UNALIGNED, MAP_RANGE; in a reservation OFFSET_UNALIGNED, LENGTH_OUT_OF_RANGE,
   *     ADDRESS_UNALIGNED, MAPPING_EXISTS; NO_ACCESS if the map is for writing but the source is
   *     not writable; a negative errno of {@code mmap(2)}; GRANULARITY_NOT_SUPPORTED if the medium
   *     provides only a coarser granularity; ENOSPC if the pages cannot be allocated
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
   * Returns a map of memory that the caller has already mapped, with the granularity that the
   * caller states; because that is not checked, a map finer than PAGE is marked as emulated.
   * Closing the map leaves the memory alone; closing the memory's arena ends the map.
   *
   * <p>Two maps may cover the same memory: each persists its own stores.
   *
   * @param memory native memory; for PAGE it must begin at a page
   * @param granularity the unit in which stores to it become durable
   * @return the map, with protection READ for a read-only segment
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
