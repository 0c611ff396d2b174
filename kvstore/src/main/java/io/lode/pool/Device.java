package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.pmem.DeviceLocation;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import io.lode.store.Damage;
import io.lode.store.Medium;
import io.lode.store.StoreException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One device of a pool: its map, its headers and its segments. It is first only read; {@link #own}
 * makes the caller its owner until {@link #release}.
 *
 * <p>A device that {@link DeviceFile} opened owns its file and map and closes them; a map that the
 * caller passed in is borrowed.
 *
 * <p><b>Threads.</b> Opening, owning and releasing are one thread's; the accessors are any
 * thread's.
 */
public final class Device implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** So that a part of a file may be mapped by huge pages. */
  private static final long MAP_ALIGNMENT_BYTES = 2 << 20;

  private final @Nullable Source source;
  private final PmemMap map;
  private final Medium medium;
  private final DeviceState state;
  private final LastOwner lastOwner;

  /** Maps of what the device has grown by, beside the first one. */
  private final List<PmemMap> furtherMaps = new ArrayList<>();

  private volatile List<Segment> segments;
  private volatile DeviceHeader header;

  /**
   * A new part of a device, in which nothing is yet.
   *
   * @param sizeBytes the size of the device with it
   * @param map in which it is
   * @param segments those of the device, with the new ones
   */
  record Extension(long sizeBytes, PmemMap map, List<Segment> segments) {}

  private Device(
      @Nullable Source source,
      PmemMap map,
      Medium medium,
      DeviceState state,
      DeviceHeaders.Found found) {
    this.source = source;
    this.map = map;
    this.medium = medium;
    this.state = state;
    this.header = found.header();
    this.lastOwner = LastOwner.of(found, state, map.size());
    this.segments =
        IntStream.range(0, (int) header.segmentCount())
            .mapToObj(index -> Segment.read(this, map, 0, index))
            .toList();
  }

  /**
   * Reads the headers of a file that is locked and mapped; writes nothing.
   *
   * @param source the file, owned by the device from now on, as its map is
   */
  static Device read(Source source, PmemMap map, Medium medium) {
    return new Device(
        source, map, medium, DeviceState.of(source), DeviceHeaders.read(medium.pool(), map));
  }

  /**
   * Reads the headers in a map that stays the caller's; writes nothing.
   *
   * @param map the map of the whole device
   * @param state the device's report about itself
   * @return the device
   * @throws StoreException if it is foreign, newer, damaged or only a part of a pool
   */
  public static Device of(PmemMap map, DeviceState state) {
    Medium medium = mediumOf(map);
    return new Device(null, map, medium, state, DeviceHeaders.read(medium.pool(), map));
  }

  /**
   * Formats a whole map as a pool. A crash meanwhile leaves something that is not a pool. The map
   * stays the caller's.
   *
   * @param map the map to format
   * @param segmentBytes size of a segment
   * @param overwrite whether whatever is there may be lost
   * @throws StoreException.Foreign if the map does not start with zeros and must not be overwritten
   * @throws StoreException.Io if the headers could not be persisted, or do not read back
   * @throws IllegalArgumentException if the segment size is not allowed or not one fits
   */
  public static void format(PmemMap map, long segmentBytes, boolean overwrite) {
    format(mediumOf(map), map, segmentBytes, overwrite);
  }

  static void format(Medium medium, PmemMap map, long segmentBytes, boolean overwrite) {
    format(medium, map, map.size(), segmentBytes, overwrite);
  }

  /** Formats the first part of a map. */
  static void format(
      Medium medium, PmemMap map, long sizeBytes, long segmentBytes, boolean overwrite) {
    requireSegmentSize(segmentBytes);
    long count = fittingSegments(sizeBytes, segmentBytes);
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a pool of " + sizeBytes + " bytes has no room for a segment of " + segmentBytes);
    }
    if (!DeviceHeaders.isBlank(map)) {
      if (!overwrite) {
        throw new StoreException.Foreign(
            medium.pool(), "holds data already; nothing was changed. Say so if it may be lost");
      }
      PoolErrors.write(medium.pool(), () -> DeviceHeaders.erase(map));
    }
    DeviceHeader empty = empty(sizeBytes, segmentBytes, count);
    PoolErrors.write(medium.pool(), () -> writeEmpty(map, empty));
    if (!empty.equals(DeviceHeaders.current(map))) {
      throw new StoreException.Io(
          medium.pool(),
          "what was just written does not read back: the memory keeps nothing, so there is no pool."
              + " Look for errors of the device or its region in the kernel's log",
          null);
    }
  }

  private static DeviceHeader empty(long sizeBytes, long segmentBytes, long count) {
    return new DeviceHeader(
        FLAG_CLEAN,
        0,
        0,
        new UUID(RANDOM.nextLong(), RANDOM.nextLong()),
        RANDOM.nextLong(),
        0,
        1,
        sizeBytes,
        segmentBytes,
        count,
        1,
        0,
        0,
        DeviceState.NO_COUNT,
        DeviceState.NO_ID,
        DeviceState.NO_NAMESPACE,
        0,
        List.of());
  }

  private static void writeEmpty(PmemMap map, DeviceHeader header) {
    SegmentHeader free = SegmentHeader.free(0);
    for (int index = 0; index < header.segmentCount(); index++) {
      long base = SEGMENTS_OFFSET + index * header.segmentBytes();
      new SegmentHeaders(map, base, header.seed(), 0, index).write(free);
    }
    DeviceHeaders.write(map, header);
  }

  static Medium mediumOf(PmemMap map) {
    return new Medium(
        "pool in memory",
        "memory",
        map.granularity(),
        map.isEmulated(),
        map.flushPrimitive(),
        map.size(),
        "as durable as the map that the caller made",
        OptionalInt.empty());
  }

  /**
   * Makes the caller the owner: a new epoch, not clean, durable on return. Copies of headers that
   * differ are made equal. If the last owner's state {@linkplain LastOwner#needsVerification needs
   * verification}, everything was verified before.
   */
  void own() {
    // Before anything changes: a pool for whose headers there is no room stays as it was left.
    map.ensureAllocated(0, SEGMENTS_OFFSET);
    header = header.opened(RANDOM.nextLong(), state);
    DeviceHeaders.write(map, header);
    if (lastOwner.needsVerification()) {
      // The platform's own flush failed the last time.
      map.deepFlush(0, SEGMENTS_OFFSET);
    }
    segments.forEach(Segment::repairHeader);
  }

  /**
   * Gives up ownership and marks the device clean. Everything written must be durable.
   *
   * @throws StoreException.Poisoned if somebody else has made itself the owner; nothing is written
   */
  void release(long lastSequence, List<OpenEnd> openEnds) {
    requireOwner();
    header = header.closed(lastSequence, openEnds);
    DeviceHeaders.write(map, header);
  }

  /**
   * Makes the device's file longer if it is not as long already, then maps and formats the new
   * part. A crash now leaves the device as it was.
   *
   * @param sizeBytes the size of the device
   * @throws StoreException.Full if the file system has no room; the file is as it was
   * @throws StoreException if the part cannot be mapped or written
   * @throws IllegalArgumentException if there is no room for one segment more
   * @throws UnsupportedOperationException if a borrowed map is not as large
   */
  Extension extend(long sizeBytes) {
    int before = segments.size();
    requireMoreThan(before, sizeBytes);
    long end = SEGMENTS_OFFSET + before * header.segmentBytes();
    long offset = source == null ? 0 : aligned(source, end);
    PmemMap part = source == null ? borrowed(sizeBytes) : mapped(source, sizeBytes, offset);
    try {
      List<Segment> all = new ArrayList<>(segments);
      for (int index = before; index < fittingSegments(sizeBytes, header.segmentBytes()); index++) {
        all.add(Segment.read(this, part, offset, index));
      }
      PoolErrors.write(
          medium.pool(), () -> all.subList(before, all.size()).forEach(Segment::format));
      return new Extension(sizeBytes, part, List.copyOf(all));
    } catch (Throwable failure) {
      if (source != null) {
        PoolErrors.closeAfter(failure, part);
      }
      throw failure;
    }
  }

  private void requireMoreThan(int before, long sizeBytes) {
    long count = fittingSegments(sizeBytes, header.segmentBytes());
    if (count <= before || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          medium.pool()
              + " has "
              + before
              + " segments; with one more it needs at least "
              + (SEGMENTS_OFFSET + (before + 1L) * header.segmentBytes())
              + " bytes, not "
              + sizeBytes);
    }
  }

  private static long aligned(Source file, long offset) {
    long alignment = Math.max(MAP_ALIGNMENT_BYTES, file.alignmentBytes());
    return offset / alignment * alignment;
  }

  private PmemMap mapped(Source file, long sizeBytes, long offset) {
    return PoolErrors.translate(
        medium.pool(),
        () -> {
          if (sizeBytes > file.sizeBytes()) {
            file.extend(sizeBytes);
          }
          return MapConfig.of(map.granularity()).offset(offset).map(file);
        });
  }

  private PmemMap borrowed(long sizeBytes) {
    if (sizeBytes > map.size()) {
      throw new UnsupportedOperationException(
          medium.pool() + ": its map is the caller's, and has " + map.size() + " bytes");
    }
    return map;
  }

  /** Makes an extension a part of the device, durably. Nobody allocates meanwhile. */
  void add(Extension extension) {
    if (source != null) {
      furtherMaps.add(extension.map);
    }
    requireOwner();
    DeviceHeader grown = header.grown(extension.sizeBytes, extension.segments.size());
    DeviceHeaders.write(map, grown);
    header = grown;
    segments = extension.segments;
  }

  /**
   * Refuses to go on if another owner has written its header.
   *
   * @throws StoreException.Poisoned if somebody else has made itself the owner
   */
  void requireOwner() {
    if (DeviceHeaders.currentNonce(map) == header.nonce()) {
      return;
    }
    DeviceHeader now = DeviceHeaders.current(map);
    // A device can change below its map: not a byte is written to what is no longer the pool's.
    Optional<String> change =
        source == null ? Optional.empty() : ChangedDevice.of(source, state.namespace());
    if (change.isPresent()) {
      throw new StoreException.Poisoned(medium.pool(), change.get(), null);
    }
    if (now == null && segments.stream().noneMatch(Segment::isAsKnown)) {
      throw new StoreException.Poisoned(
          medium.pool(),
          "the pool is no longer there, neither its headers nor those of its segments: they were"
              + " overwritten. Restore the pool from a copy",
          null);
    }
    if (now == null || now.nonce() == header.nonce()) {
      // Nobody writes such a header: it was damaged, and what it should say is known here.
      DeviceHeaders.write(map, header);
      return;
    }
    throw new StoreException.Poisoned(
        medium.pool(),
        now.poolId().equals(header.poolId())
            ? "somebody else opened this pool while it was open here; close one of the two"
            : "another pool was made on this device while it was open here",
        null);
  }

  /**
   * Finds copies of headers that are damaged while the other copy is whole.
   *
   * @return what a check has to report; the next opening for writing puts it right
   */
  public List<Damage> damagedHeaderCopies() {
    List<Damage> damages = new ArrayList<>(DeviceHeaders.damagedCopies(map, header));
    for (Segment segment : segments) {
      if (segment.hasDamagedHeaderCopy()) {
        damages.add(
            new Damage(
                segment.offset(0),
                PoolFormat.BODY_OFFSET,
                "a copy of the header of segment "
                    + segment.index()
                    + "; the other one is whole, and the next opening for writing replaces this"
                    + " one"));
      }
    }
    return damages;
  }

  /**
   * Returns how large the file, device or map is now, of which the pool may use a part only.
   *
   * @return bytes
   * @throws StoreException if the operating system does not say
   */
  public long availableBytes() {
    return source == null ? map.size() : PoolErrors.translate(medium.pool(), source::sizeBytes);
  }

  /** Whether a range contains a bad block. */
  boolean isBad(long offset, long lengthBytes) {
    return state.isBad(offset, lengthBytes);
  }

  DeviceHeader header() {
    return header;
  }

  PmemMap map() {
    return map;
  }

  /**
   * Returns the medium of the device.
   *
   * @return the medium
   */
  public Medium medium() {
    return medium;
  }

  /**
   * Returns where the device is in the machine.
   *
   * @return its place, empty for a map that the caller passed in
   */
  public Optional<DeviceLocation> location() {
    return Optional.ofNullable(source).map(Source::location);
  }

  /**
   * Returns the state that the previous owner left behind.
   *
   * @return as it was when the headers were read
   */
  public LastOwner lastOwner() {
    return lastOwner;
  }

  /**
   * Returns the segments of the device.
   *
   * @return in the order of the medium, at least one
   */
  public List<Segment> segments() {
    return segments;
  }

  /** Unmaps, then closes the file, which gives up the lock. A borrowed map stays open. */
  @Override
  public void close() {
    if (source != null) {
      try (source;
          map) {
        furtherMaps.forEach(PmemMap::close);
      }
    }
  }
}
