package io.lode.pmem;

import io.lode.pmem.internal.Dimms;
import io.lode.pmem.internal.Durability;
import io.lode.pmem.internal.Failures;
import io.lode.pmem.internal.Locations;
import io.lode.pmem.internal.LostRanges;
import io.lode.pmem.internal.Mapping;
import io.lode.pmem.internal.MediumIo;
import io.lode.pmem.internal.OpenSource;
import io.lode.pmem.internal.PageSize;
import io.lode.pmem.internal.Platform;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where persistent memory comes from: a devdax device, a file on a DAX file system, an ordinary
 * file, or, for tests, memory of this process.
 *
 * <p><b>Lifetime.</b> {@link #close} ends the source and what it owns; maps made from it live on.
 * Use after close is an {@link IllegalStateException}. <b>Threads.</b> Safe for any number.
 */
public final class Source implements AutoCloseable {
  private final Platform platform;
  private final @Nullable OpenSource file;
  private final @Nullable Path path;
  private final long anonymousBytes;

  private Source(
      Platform platform, @Nullable OpenSource file, @Nullable Path path, long anonymousBytes) {
    this.platform = platform;
    this.file = file;
    this.path = path;
    this.anonymousBytes = anonymousBytes;
  }

  /**
   * Opens a file or devdax device for reading and writing. It is never created, grown or changed by
   * this. The type is checked before anything is opened: a FIFO does not hang and no other device
   * is touched.
   *
   * @param path of a regular file or dax device; links are followed
   * @return the source, which owns its descriptor
   * @throws PmemException INVALID_FILE_TYPE for anything else (directory, FIFO, socket, block
   *     device, other character device); a negative errno if it cannot be opened: ENOENT, EACCES,
   *     EROFS; NOSUPP where this is not Linux or native access is denied
   * @throws IllegalArgumentException if the path is not of the default file system
   */
  public static Source of(Path path) {
    return open(path, true, Platform.ofThisMachine());
  }

  /**
   * Opens a file or devdax device for reading only; otherwise as {@link #of}.
   *
   * @param path of a regular file or dax device; links are followed
   * @return the source, which owns its descriptor
   * @throws PmemException as {@link #of}
   * @throws IllegalArgumentException if the path is not of the default file system
   */
  public static Source readOnly(Path path) {
    return open(path, false, Platform.ofThisMachine());
  }

  /**
   * Borrows an open descriptor. It must stay open as long as the source is used; {@link #close}
   * does not close it.
   *
   * @param fd number of a descriptor that may be read, of a regular file or dax device
   * @return the source
   * @throws PmemException INVALID_FILE_HANDLE if it is not open or write-only; INVALID_FILE_TYPE as
   *     {@link #of}; NOSUPP where this is not Linux or native access is denied
   */
  public static Source ofFd(int fd) {
    Platform platform = Platform.ofThisMachine();
    return new Source(platform, OpenSource.borrow(fd, platform.files()), null, 0);
  }

  /**
   * Makes a source of anonymous memory, which is lost when its map is closed.
   *
   * @param sizeBytes its size; 0 is allowed here and refused when it is mapped
   * @return the source
   * @throws IllegalArgumentException if negative
   */
  public static Source anonymous(long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("size " + sizeBytes + " bytes is negative");
    }
    return new Source(Platform.ofThisMachine(), null, null, sizeBytes);
  }

  static Source open(Path path, boolean writable, Platform platform) {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(path + " is not a path of the default file system");
    }
    return new Source(platform, OpenSource.open(path, writable, platform.files()), path, 0);
  }

  /**
   * Tells what the source is.
   *
   * @return the kind, as it was when opened
   */
  public SourceKind kind() {
    return file == null ? SourceKind.ANONYMOUS : file.kind();
  }

  /**
   * Returns the path it was opened by.
   *
   * @return the path as given; empty for descriptors and anonymous memory
   */
  public Optional<Path> path() {
    return Optional.ofNullable(path);
  }

  /**
   * Tells whether the source may be mapped for writing.
   *
   * @return false for read-only descriptors and kinds that cannot be mapped
   */
  public boolean isWritable() {
    return file == null || file.descriptor().isWritable();
  }

  /**
   * Returns the size of the source now; files may grow and shrink.
   *
   * @return bytes; of a devdax device its own size, also where a namespace holds several
   * @throws PmemException INVALID_SIZE_FORMAT if the kernel does not tell the size of a device; a
   *     negative errno if the file cannot be asked
   */
  public long sizeBytes() {
    if (file == null) {
      return anonymousBytes;
    }
    return file.sizeBytes(platform.files());
  }

  /**
   * Returns what offsets and lengths of maps must be multiples of.
   *
   * @return bytes: the page size, or the alignment of a devdax device
   * @throws PmemException INVALID_ALIGNMENT_FORMAT or INVALID_ALIGNMENT_VALUE if the kernel does
   *     not tell the alignment of a device
   */
  public long alignmentBytes() {
    return file == null ? PageSize.bytes() : file.alignmentBytes(platform.files());
  }

  /**
   * Returns the NUMA node of the persistent memory region that holds the source, as {@code
   * pmem2_source_numa_node} does: through libndctl, the number that {@code ndctl list -v} prints.
   * Files are found on partitions, mapped devices and through bind mounts as well.
   *
   * <p>The node may have no CPUs, and for CXL it may be wrong: see {@link #location}, which needs
   * no library and answers for devices that are on no region too.
   *
   * @return the node, never negative
   * @throws PmemException NOSUPP for anonymous memory, without libndctl, and where the kernel names
   *     no node for the region; DAX_REGION_NOT_FOUND if the source is not on a region, or on
   *     several with different nodes; the negative errno of {@code ndctl_new}
   */
  public int numaNode() {
    return platform.regions().numaNode(requireFile("ask the NUMA node of"));
  }

  /**
   * Tells where the memory behind the source is, from sysfs: no library, no privileges, never an
   * exception for what is not known.
   *
   * @return the location, with the reasons for what is empty
   * @throws IllegalStateException if closed
   */
  public DeviceLocation location() {
    if (file == null) {
      return DeviceLocation.none("anonymous memory is on no device");
    }
    file.requireOpen();
    return new Locations(platform.files()).of(file);
  }

  /**
   * Returns the node that the memory would be if it were used as RAM; it is usually offline.
   *
   * @return the node, if the kernel names one
   */
  public OptionalInt targetNode() {
    return location().targetNode();
  }

  /**
   * Returns the persistent memory region that holds the source.
   *
   * @return its name, for example {@code region0}
   */
  public Optional<String> region() {
    return location().region();
  }

  /**
   * Tells what of the machine survives a power failure, for this source.
   *
   * @return the domain of its region, UNKNOWN where there is no region
   */
  public PersistenceDomain persistenceDomain() {
    return location().persistenceDomain();
  }

  /**
   * Tells which granularity a shared map of the source would get, and why not a finer one. The
   * kernel is asked by mapping one unit for reading; nothing is written and the source does not
   * grow.
   *
   * @return the answer
   * @throws PmemException NOSUPP for a kind that cannot be mapped; a negative errno of {@code
   *     mmap(2)}
   */
  public GranularityAnswer granularity() {
    requireMappable();
    if (file == null) {
      return Durability.ofAnonymous();
    }
    return Durability.of(
        file, Mapping.probe(place(), file.descriptor(), alignmentBytes(), platform), location());
  }

  /**
   * Returns what identifies the memory devices below the source, as {@code pmem2_source_device_id}
   * does: their unique ids one behind the other, by device number. Kept beside data, it tells later
   * whether that data is still on the devices that it was written to.
   *
   * @return the id, not empty
   * @throws PmemException NOSUPP for anonymous memory, for a source on no persistent memory region,
   *     and where a device of its region has no id
   */
  public String deviceId() {
    return new Dimms(platform.files()).id(requireFile("ask the device id of"));
  }

  /**
   * Returns how often the memory devices below the source have lost power before all that was on
   * its way had reached them, as {@code pmem2_source_device_usc} does. A count that grew while a
   * file was open for writing means that flushed data may be missing: the hardware broke its
   * promise. Kept beside data with {@link #deviceId}, and compared when it is opened.
   *
   * @return the sum over the devices of its region
   * @throws PmemException NOSUPP for anonymous memory, for a source on no persistent memory region,
   *     and where a device of its region does not count
   */
  public long unsafeShutdownCount() {
    return new Dimms(platform.files())
        .unsafeShutdownCount(requireFile("ask the unsafe shutdown count of"));
  }

  /**
   * Lists the ranges of the source that the medium is known to have lost. The kernel knows of those
   * that it met, that the firmware told it at start-up, and that a scrub found; of many it may name
   * the first 500 or so only.
   *
   * @return by offset, none touching another; empty too where there is no device that could tell
   * @throws PmemException NOSUPP for anonymous memory, and where there are bad blocks below a
   *     mapped device or on a file system that does not tell where its files are;
   *     CANNOT_READ_BOUNDS if a devdax device's region has some and this process may not read where
   *     the device is (root may); a negative errno
   */
  public List<BadBlock> badBlocks() {
    return new LostRanges(platform).of(requireFile("list the bad blocks of"));
  }

  /**
   * Gives up the bytes of a bad block and makes its range usable again: it reads as zeros
   * afterwards. In a file the file system gives it other blocks; on a devdax device the firmware is
   * asked to clear it, which needs libndctl and root.
   *
   * <p>Maps made before still refuse the range: map again. On return the change of a file is as
   * durable as its file system makes it; {@code fsync} settles it.
   *
   * @param block one that {@link #badBlocks} lists now, or a part of one
   * @throws PmemException NO_BAD_BLOCK_FOUND if no bad block holds it all any more: nothing is
   *     cleared, for its bytes may be good; NOSUPP as {@link #badBlocks}, without libndctl, and
   *     where the platform cannot clear; IO_FAIL if it is still bad afterwards; a negative errno,
   *     EBADF for a source that is not writable
   */
  public void clearBadBlock(BadBlock block) {
    new LostRanges(platform).clear(requireFile("clear a bad block of"), block);
  }

  /**
   * Reads bytes of the source without mapping it, as {@code pmem2_source_pread_mcsafe} does: what
   * the medium has lost is an exception, never a signal.
   *
   * @param offset first byte in the source
   * @param destination is filled; after an exception its content has no meaning
   * @throws PmemException LENGTH_OUT_OF_RANGE if the source does not have that many bytes there;
   *     IO_FAIL if one of them cannot be read; SOURCE_TYPE_NOT_SUPPORTED for anonymous memory; as
   *     {@link MapConfig#map} for a device; a negative errno
   * @throws IllegalArgumentException if the offset is negative, or the destination read-only
   */
  public void read(long offset, MemorySegment destination) {
    String operation = "read";
    OpenSource from = requireRange(operation, offset, destination.byteSize());
    if (destination.isReadOnly()) {
      throw new IllegalArgumentException("the destination is read-only: " + destination);
    }
    if (!from.isDevice()) {
      MediumIo.read(from, offset, destination);
    } else if (destination.byteSize() != 0) {
      new LostRanges(platform).requireNone(from, operation, offset, destination.byteSize());
      long start = offset - offset % alignmentBytes();
      try (PmemMap map = around(start, offset + destination.byteSize(), Protection.READ)) {
        MediumIo.read(map, offset - start, destination, place());
      }
    }
  }

  /**
   * Writes bytes of the source without mapping it, as {@code pmem2_source_pwrite_mcsafe} does: a
   * damaged medium is an exception, never a signal. The source does not grow.
   *
   * <p>On a device the bytes are durable on return. In a file they are where {@code pwrite(2)}
   * leaves them: durable after {@code fsync}, or {@link PmemMap#deepFlush} of a map.
   *
   * @param offset first byte in the source
   * @param content what to write
   * @throws PmemException LENGTH_OUT_OF_RANGE if the source does not have that many bytes there;
   *     IO_FAIL if the range has a bad block or fails otherwise; then nothing is known of it;
   *     SOURCE_TYPE_NOT_SUPPORTED for anonymous memory; as {@link MapConfig#map} for a device; a
   *     negative errno, EBADF for a source that is not writable
   * @throws IllegalArgumentException if the offset is negative
   */
  public void write(long offset, MemorySegment content) {
    String operation = "write";
    OpenSource to = requireRange(operation, offset, content.byteSize());
    if (!to.isDevice()) {
      MediumIo.write(to, offset, content);
    } else if (content.byteSize() != 0) {
      new LostRanges(platform).requireNone(to, operation, offset, content.byteSize());
      long start = offset - offset % alignmentBytes();
      try (PmemMap map = around(start, offset + content.byteSize(), Protection.READ_WRITE)) {
        MediumIo.write(map, offset - start, content, place());
      }
    }
  }

  private OpenSource requireRange(String operation, long offset, long length) {
    if (file == null) {
      throw Failures.of(
          operation, place(), PmemError.SOURCE_TYPE_NOT_SUPPORTED, "it is memory only");
    }
    MediumIo.requireRange(operation, place(), offset, length, sizeBytes());
    return file;
  }

  /** Maps the units of a device that hold a range. */
  private PmemMap around(long start, long end, Protection protection) {
    long alignment = alignmentBytes();
    long length =
        Math.min((end - start + alignment - 1) / alignment * alignment, sizeBytes() - start);
    return MapConfig.of(Granularity.PAGE)
        .offset(start)
        .length(length)
        .protection(protection)
        .map(this);
  }

  private OpenSource requireFile(String operation) {
    if (file == null) {
      throw Failures.of(operation, place(), PmemError.NOSUPP, "it is on no device");
    }
    file.requireOpen();
    return file;
  }

  /**
   * Takes an exclusive lock against every other process and every other source, by {@code flock(2)}
   * on an open file description of this source's own. It is held until {@link #close}, and given
   * back by the kernel when the process ends in any way. Other streams on the file do not disturb
   * it. Programs that do not ask for the lock are not kept out.
   *
   * @return false if somebody else has it; true if this source has it now, or had it before
   * @throws PmemException a negative errno where the file system cannot lock
   */
  public boolean tryLock() {
    return file == null || file.descriptor().tryLock();
  }

  /** Ends the source: gives back the lock and the descriptor that it owns. */
  @Override
  public void close() {
    if (file != null) {
      file.descriptor().close();
    }
  }

  @Override
  public String toString() {
    return kind() + " " + place();
  }

  String place() {
    return file == null ? "anonymous memory" : file.place();
  }

  Platform platform() {
    return platform;
  }

  @Nullable OpenSource file() {
    return file;
  }

  void requireMappable() {
    if (!kind().isMappable()) {
      boolean ram = kind() == SourceKind.SYSTEM_RAM_DAX;
      throw Failures.of(
          "map",
          place(),
          PmemError.NOSUPP,
          ram
              ? "the device's memory is in use as ordinary RAM (driver kmem)"
              : "the device serves a file system (famfs) and has no mmap",
          ram
              ? "take it back with daxctl reconfigure-device --mode=devdax"
              : "map a file of that file system");
    }
  }
}
