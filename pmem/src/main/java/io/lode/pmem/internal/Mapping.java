package io.lode.pmem.internal;

import io.lode.pmem.BadBlock;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.Sharing;
import io.lode.pmem.SourceKind;
import io.lode.pmem.internal.GranularityRules.Decision;
import io.lode.pmem.internal.cpu.MapMemory;
import io.lode.pmem.internal.cpu.Routines;
import io.lode.pmem.internal.jna.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps a source, with the checks of {@code pmem2_map_new} in their order. */
public final class Mapping {
  private static final String OPERATION = "map";

  private final Request request;
  private final Platform platform;
  private final AddressSpace space = new AddressSpace();
  private final long lengthBytes;
  private final String asked;
  private final String place;

  /**
   * The parameters of a map.
   *
   * @param place the source's name
   * @param kind the source's kind
   * @param file the source's file or device, null for anonymous memory
   * @param sizeBytes the source's size
   * @param alignmentBytes the source's alignment
   * @param required the coarsest granularity allowed
   * @param offset first byte
   * @param lengthBytes bytes, 0 for everything after the offset
   * @param sharing who sees the stores
   * @param protection the permitted accesses
   * @param reservation the reservation in which it is placed, null for anywhere
   * @param reservationOffset its offset in the reservation
   */
  public record Request(
      String place,
      SourceKind kind,
      @Nullable OpenSource file,
      long sizeBytes,
      long alignmentBytes,
      Granularity required,
      long offset,
      long lengthBytes,
      Sharing sharing,
      Protection protection,
      @Nullable Reservation reservation,
      long reservationOffset) {
    private String range(long bytes) {
      return place + " [offset " + offset + ", length " + bytes + "]";
    }
  }

  private Mapping(Request request, Platform platform) {
    this.request = request;
    this.platform = platform;
    this.asked = request.range(request.lengthBytes());
    this.lengthBytes = checkedLengthBytes();
    this.place = request.range(lengthBytes);
  }

  /**
   * Creates a map.
   *
   * @param request the parameters
   * @param platform the machine
   * @throws PmemException with libpmem2's code
   */
  public static PmemMap open(Request request, Platform platform) {
    MapCall.require();
    return new Mapping(request, platform).open();
  }

  /**
   * Finds the granularity that a shared map would have, by briefly mapping one unit of the source.
   * Nothing is written, and the source does not grow.
   *
   * @param place the source's name
   * @param descriptor the source's descriptor
   * @param alignmentBytes the source's alignment
   * @param platform the machine
   * @throws PmemException a negative errno if it cannot be mapped at all
   */
  public static Decision probe(
      String place, Descriptor descriptor, long alignmentBytes, Platform platform) {
    AddressSpace space = new AddressSpace();
    AddressSpace.Placed placed =
        descriptor.use(fd ->
            space.map(alignmentBytes, alignmentBytes, LibC.PROT_READ, LibC.MAP_SHARED, fd, 0));
    requireMapped(placed, place);
    space.unmap(placed.address(), alignmentBytes);
    return GranularityRules.forShared(
        platform.forced().get(),
        placed.synchronous(),
        placed.synchronous() && platform.files().isEadr());
  }

  private long checkedLengthBytes() {
    long alignment = request.alignmentBytes();
    long offset = request.offset();
    long length = request.lengthBytes();
    require(Long.bitCount(alignment) == 1, PmemError.INVALID_ALIGNMENT_VALUE, alignment + " bytes");
    require(offset % alignment == 0, PmemError.OFFSET_UNALIGNED, "alignment is " + alignment);
    boolean devdax = request.kind() == SourceKind.DEVDAX;
    require(!devdax || isShared(), PmemError.SRC_DEVDAX_PRIVATE, "");
    require(request.sizeBytes() != 0, PmemError.SOURCE_EMPTY, "");
    require(length % alignment == 0, PmemError.LENGTH_UNALIGNED, "alignment is " + alignment);
    long available = request.sizeBytes() - offset;
    require(
        available >= 0 && length <= available,
        PmemError.MAP_RANGE,
        "the source has " + request.sizeBytes() + " bytes");
    if (length != 0) {
      return length;
    }
    // Anonymous memory has no offset: libpmem2 checks it but then maps the whole source.
    return request.kind() == SourceKind.ANONYMOUS ? request.sizeBytes() : available;
  }

  private void require(boolean condition, PmemError error, String detail) {
    if (!condition) {
      throw Failures.of(OPERATION, asked, error, detail);
    }
  }

  private PmemMap open() {
    Reservation reservation = request.reservation();
    return reservation == null
        ? openAt(0)
        : reservation.place(
            request.reservationOffset(), lengthBytes, request.alignmentBytes(), this::openAt);
  }

  /** Maps at an address in the reservation, or anywhere for 0. */
  private PmemMap openAt(long address) {
    // The kernel refuses an empty range too; libpmem2 passes on its EINVAL.
    if (lengthBytes == 0) {
      throw Failures.errno(
          OPERATION,
          place,
          Errno.EINVAL.number(),
          "nothing follows the offset: map from before it");
    }
    AddressSpace.Placed placed = place(address);
    boolean done = false;
    try {
      requireMapped(placed, place);
      Decision decision = decide(placed.synchronous());
      GranularityRules.require(request.required(), explained(decision), place);
      FlushStrategy strategy = flushStrategy(decision, placed.address());
      PmemMap map = publish(placed.address(), decision, strategy, deepFlush(decision, strategy));
      done = true;
      return map;
    } finally {
      if (!done && (address != 0 || placed.address() >= 0)) {
        release(address != 0 ? address : placed.address());
      }
    }
  }

  private AddressSpace.Placed place(long address) {
    int protection =
        switch (request.protection()) {
          case READ_WRITE -> LibC.PROT_READ | LibC.PROT_WRITE;
          case READ -> LibC.PROT_READ;
          case NONE -> LibC.PROT_NONE;
        };
    OpenSource file = request.file();
    if (file == null) {
      // This process does not fork, so shared and private anonymous memory are the same.
      int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS;
      return map(address, protection, flags, -1, 0);
    }
    int flags = isShared() ? LibC.MAP_SHARED : LibC.MAP_PRIVATE;
    return file.descriptor().use(fd -> map(address, protection, flags, fd, request.offset()));
  }

  private AddressSpace.Placed map(long address, int protection, int flags, int fd, long offset) {
    long alignment = request.alignmentBytes();
    return address == 0
        ? space.map(lengthBytes, alignment, protection, flags, fd, offset)
        : space.mapAt(address, lengthBytes, alignment, protection, flags, fd, offset);
  }

  private static void requireMapped(AddressSpace.Placed placed, String place) {
    if (placed.address() >= 0) {
      return;
    }
    int errno = (int) -placed.address();
    if (errno == Errno.EACCES.number()) {
      throw Failures.of(OPERATION, place, PmemError.NO_ACCESS, "");
    }
    if (errno == Errno.EOPNOTSUPP.number()) {
      throw Failures.of(OPERATION, place, PmemError.NOSUPP, "the file system has no such maps");
    }
    if (errno == Errno.EEXIST.number()) {
      throw Failures.of(OPERATION, place, PmemError.MAPPING_EXISTS, "");
    }
    throw Failures.errno(OPERATION, place, errno);
  }

  private Decision decide(boolean synchronous) {
    if (request.kind() == SourceKind.ANONYMOUS || !isShared()) {
      return GranularityRules.forPrivate();
    }
    return GranularityRules.forShared(
        platform.forced().get(), synchronous, synchronous && platform.files().isEadr());
  }

  /** Names the cause of a refusal; looking for it takes longer than the map. */
  private Decision explained(Decision decision) {
    OpenSource file = request.file();
    return file == null || decision.granularity().satisfies(request.required())
        ? decision
        : decision.explained(file, platform.files());
  }

  /**
   * Chooses how stores become durable. Where the routines cannot run, the kernel syncs, which works
   * for DAX files as well. The JDK's own flush is not used: in a JVM without C2
   * (-XX:TieredStopAtLevel=1, JDK 25) it calls a stub that was never generated, and the process
   * ends.
   */
  private FlushStrategy flushStrategy(Decision decision, long address) {
    Faults faults = new Faults(place);
    boolean storesReachSource = request.kind() != SourceKind.ANONYMOUS && isShared();
    if (!storesReachSource || request.protection() != Protection.READ_WRITE) {
      return new NoFlush(faults);
    }
    Routines routines = platform.routines().routines();
    boolean devdax = request.kind() == SourceKind.DEVDAX;
    if (routines != null && (devdax || decision.granularity() != Granularity.PAGE)) {
      return lineFlush(routines, decision.granularity() == Granularity.BYTE, address);
    }
    if (devdax) {
      throw Failures.of(
          OPERATION,
          place,
          PmemError.NOSUPP,
          "a devdax device can be flushed only by the CPU: " + platform.routines().reason(),
          "use an fsdax file here");
    }
    return new PageSync(space.pageSizeBytes(), faults, syncedWrite());
  }

  /**
   * Null for a borrowed descriptor: its owner may close it, and its number may come to mean another
   * file.
   */
  private @Nullable SyncedWrite syncedWrite() {
    OpenSource file = Objects.requireNonNull(request.file());
    Descriptor descriptor = file.descriptor();
    boolean possible =
        file.kind() == SourceKind.FILE && descriptor.isOwned() && descriptor.isWritable();
    return possible ? new SyncedWrite(descriptor, request.offset()) : null;
  }

  /** Prepares the memory for native stores. */
  private LineFlush lineFlush(Routines routines, boolean eadr, long address) {
    OpenSource file = Objects.requireNonNull(request.file());
    long offset = request.offset();
    if (request.kind() == SourceKind.DEVDAX) {
      List<BadBlock> bad = Backing.badBlocks(file, platform.files()).orElse(List.of());
      return new LineFlush(
          routines,
          eadr,
          DamagedPages.of(bad, offset, lengthBytes, space.pageSizeBytes(), place),
          FileBlocks.NONE);
    }
    FileBlocks blocks = FileBlocks.of(file.descriptor(), offset, place);
    FileRange range = new FileRange(offset, offset + lengthBytes);
    return new LineFlush(
        routines,
        eadr,
        Backing.ensure(file, platform.files(), blocks, range, address, place),
        blocks);
  }

  private DeepFlush deepFlush(Decision decision, FlushStrategy strategy) {
    OpenSource file = request.file();
    if (decision.granularity() == Granularity.PAGE) {
      return DeepFlush.NOTHING;
    }
    if (file == null) {
      return new DeepFlush.Unsupported(place, "it is on no device");
    }
    if (!isShared()) {
      return DeepFlush.NOTHING;
    }
    if (request.kind() != SourceKind.DEVDAX) {
      return new DeepFlush.OfFile(new PageSync(space.pageSizeBytes(), new Faults(place)));
    }
    return new DeepFlush.OfDevice(
        strategy instanceof LineFlush lines ? lines.routines() : null,
        new LocationFinder(platform.files()).region(file),
        place);
  }

  @SuppressWarnings("restricted")
  private PmemMap publish(
      long address, Decision decision, FlushStrategy strategy, DeepFlush deepFlush) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment memory =
          MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, this::unmap);
      PmemMap map =
          new NativeMap(
              place,
              arena,
              MapMemory.owned(place, memory),
              request.protection(),
              decision,
              strategy,
              deepFlush);
      MapCounters.ofThisProcess().add(lengthBytes);
      return map;
    } catch (IllegalCallerException e) {
      arena.close();
      throw Failures.nativeAccessDenied(OPERATION, e);
    }
  }

  private void unmap(MemorySegment memory) {
    int result = release(memory.address());
    if (result < 0) {
      // It is still mapped, so it still counts.
      throw Failures.errno("unmap", place, -result);
    }
    MapCounters.ofThisProcess().remove(lengthBytes);
  }

  private int release(long address) {
    Reservation reservation = request.reservation();
    return reservation == null
        ? space.unmap(address, lengthBytes)
        : reservation.release(address, lengthBytes);
  }

  private boolean isShared() {
    return request.sharing() == Sharing.SHARED;
  }
}
