package io.lode.pmem;

import io.lode.pmem.internal.DeviceFiles;
import io.lode.pmem.internal.Dimms;
import io.lode.pmem.internal.Durability;
import io.lode.pmem.internal.Failures;
import io.lode.pmem.internal.LocationFinder;
import io.lode.pmem.internal.LostRanges;
import io.lode.pmem.internal.Mapping;
import io.lode.pmem.internal.MediumIo;
import io.lode.pmem.internal.NamespaceFinder;
import io.lode.pmem.internal.OpenSource;
import io.lode.pmem.internal.PageSize;
import io.lode.pmem.internal.Platform;
import io.lode.pmem.internal.jna.LibC;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A source of memory to map: a devdax device, a file on a DAX file system, an ordinary file, or,
 * for tests, memory of this process.
 *
 * <p><b>Lifetime.</b> {@link #close} releases the source and what it owns; maps made from it remain
 * valid. Use after close throws {@link IllegalStateException}. <b>Threads.</b> Safe for use by many
 * threads.
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
   * Opens a file or devdax device for reading and writing, without creating, growing or changing
   * it. The type is checked before anything is opened, so a FIFO cannot block and no other device
   * is touched.
   *
   * @param path the path of a regular file or dax device; links are followed
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
   * @param path the path of a regular file or dax device; links are followed
   * @return the source, which owns its descriptor
   * @throws PmemException as {@link #of}
   * @throws IllegalArgumentException if the path is not of the default file system
   */
  public static Source readOnly(Path path) {
    return open(path, false, Platform.ofThisMachine());
  }

  /**
   * Borrows an open descriptor, which must stay open as long as the source is used; {@link #close}
   * does not close it.
   *
   * @param fd the number of a readable descriptor of a regular file or dax device
   * @return the source
   * @throws PmemException INVALID_FILE_HANDLE if it is not open or write-only; INVALID_FILE_TYPE as
   *     {@link #of}; NOSUPP where this is not Linux or native access is denied
   */
  public static Source ofFd(int fd) {
    Platform platform = Platform.ofThisMachine();
    return new Source(platform, OpenSource.borrow(fd, platform.files()), null, 0);
  }

  /**
   * Returns a source of anonymous memory, which is lost when its map is closed.
   *
   * @param sizeBytes its size; 0 is allowed here but refused on mapping
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
   * Finds the devices of this machine that can be mapped or carry DAX files: dax devices, whatever
   * their driver, then disks of persistent memory. This reads sysfs only, so it works where device
   * files are missing or may not be opened.
   *
   * @return the location of each device, {@link DeviceLocation#device} being present; empty where
   *     sysfs shows none
   */
  public static List<DeviceLocation> deviceLocations() {
    return new LocationFinder(DeviceFiles.ofThisMachine()).all();
  }

  /**
   * Returns the kind of source.
   *
   * @return the kind when it was opened
   */
  public SourceKind kind() {
    return file == null ? SourceKind.ANONYMOUS : file.kind();
  }

  /**
   * Returns the path by which the source was opened.
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
   * Returns the current size of the source; files may grow and shrink.
   *
   * @return bytes; for a devdax device its own size, even if a namespace holds several
   * @throws PmemException INVALID_SIZE_FORMAT if the kernel does not report the size of a device; a
   *     negative errno if the file's size cannot be read
   */
  public long sizeBytes() {
    if (file == null) {
      return anonymousBytes;
    }
    return file.sizeBytes(platform.files());
  }

  /**
   * Returns the alignment of the offsets and lengths of maps.
   *
   * @return bytes: the page size, or the alignment of a devdax device
   * @throws PmemException INVALID_ALIGNMENT_FORMAT or INVALID_ALIGNMENT_VALUE if the kernel does
   *     not report the alignment of a device
   */
  public long alignmentBytes() {
    return file == null ? PageSize.bytes() : file.alignmentBytes(platform.files());
  }

  /**
   * Returns the NUMA node of the persistent memory region that holds the source, as {@code
   * pmem2_source_numa_node} does: through libndctl, the number that {@code ndctl list -v} prints.
   * Files on partitions, on mapped devices and behind bind mounts are found as well.
   *
   * <p>The node may have no CPUs, and for CXL it may be wrong: see {@link #location}, which needs
   * no library and also covers devices that are on no region.
   *
   * @return the node, never negative
   * @throws PmemException NOSUPP for anonymous memory, without libndctl, and where the kernel names
   *     no node for the region; DAX_REGION_NOT_FOUND if the source is not on a region, or on
   *     several with different nodes; the negative errno of {@code ndctl_new}
   */
  public int numaNode() {
    return platform.regionFinder().numaNode(requireFile("ask the NUMA node of"));
  }

  /**
   * Returns the location of the memory behind the source. It is read from sysfs: this needs no
   * library and no privileges, and never throws for something unknown.
   *
   * @return the location, with the reasons for empty values
   * @throws IllegalStateException if closed
   */
  public DeviceLocation location() {
    if (file == null) {
      return DeviceLocation.none("anonymous memory is on no device");
    }
    file.requireOpen();
    return new LocationFinder(platform.files()).of(file);
  }

  /**
   * Returns the node that the memory would become if it were used as RAM; it is usually offline.
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
   * Returns the part of the machine that survives a power failure, for this source.
   *
   * @return the domain of its region, UNKNOWN where there is no region
   */
  public PersistenceDomain persistenceDomain() {
    return location().persistenceDomain();
  }

  /**
   * Returns the granularity that a shared map of the source would have, and why not a finer one. To
   * find out, one unit is mapped for reading; nothing is written and the source does not grow.
   *
   * @return the granularity, with its reason
   * @throws PmemException NOSUPP for a kind that cannot be mapped; a negative errno of {@code
   *     mmap(2)}
   */
  public GranularityReport granularity() {
    requireMappable();
    if (file == null) {
      return Durability.ofAnonymous();
    }
    return Durability.of(
        file,
        Mapping.probe(place(), file.descriptor(), alignmentBytes(), platform),
        location(),
        platform.files());
  }

  /**
   * Returns the identity of the memory devices below the source, as {@code pmem2_source_device_id}
   * does: their unique ids, concatenated by device number. Stored with data, it shows later whether
   * that data is still on the devices to which it was written.
   *
   * @return the id, not empty
   * @throws PmemException NOSUPP for anonymous memory, for a source on no persistent memory region,
   *     and where a device of its region has no id
   */
  public String deviceId() {
    return new Dimms(platform.files()).id(requireFile("ask the device id of"));
  }

  /**
   * Returns the number of times that the memory devices below the source lost power before all data
   * in flight had reached them, as {@code pmem2_source_device_usc} does. A count that grew while a
   * file was open for writing means that flushed data may be missing: the hardware broke its
   * promise. Store it with the data and {@link #deviceId}, and compare it on opening.
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
   * Returns the namespaces that hold the source now. Device names may be given anew at every start;
   * the uuid of a namespace stays, so that is what to keep beside data, and to compare on opening.
   *
   * @return one for a devdax device and for a file on a file system on one namespace; several, in
   *     no particular order, where a file system is spread over more; none where the kernel names
   *     no uuid: ordinary disks, tmpfs, memory, and dax devices that are on no namespace
   */
  public List<Namespace> namespaces() {
    if (file == null) {
      return List.of();
    }
    file.requireOpen();
    return new NamespaceFinder(platform.files()).of(file);
  }

  /**
   * Returns the driver that has the dax device now. While a device is open and mapped it can be
   * given to another driver, or taken from all: its maps then end in {@code SIGBUS}, or its memory
   * is the kernel's.
   *
   * @return {@code device_dax} as long as the device can be mapped, {@code kmem} if it has become
   *     system RAM, others; empty if no driver has it, if it is gone, and for what is no dax device
   */
  public Optional<String> driver() {
    if (file == null || !file.isDevice()) {
      return Optional.empty();
    }
    file.requireOpen();
    return platform.files().driver(file.status().device());
  }

  /**
   * Lists the ranges of the source that the medium is known to have lost. The kernel knows those
   * that it encountered, that the firmware reported at start-up, and that a scrub found; if there
   * are many, it may list only the first 500 or so.
   *
   * @return the ranges by offset, none touching another; also empty where there is no device that
   *     could report any
   * @throws PmemException NOSUPP for anonymous memory, and where there are bad blocks below a
   *     mapped device or on a file system that does not report where its files are;
   *     CANNOT_READ_BOUNDS if a devdax device's region has some and this process may not read where
   *     the device is (root may); a negative errno
   */
  public List<BadBlock> badBlocks() {
    return new LostRanges(platform).of(requireFile("list the bad blocks of"));
  }

  /**
   * Gives up the bytes of a bad block and makes its range usable again; it then reads as zeros. In
   * a file, the file system replaces the blocks; on a devdax device, the firmware is asked to clear
   * the range, which requires libndctl and root.
   *
   * <p>Existing maps still refuse the range: map again. On return, the change to a file is as
   * durable as its file system makes it; {@code fsync} makes it certain.
   *
   * @param block one that {@link #badBlocks} lists now, or a part of one
   * @throws PmemException NO_BAD_BLOCK_FOUND if no current bad block contains all of it: nothing is
   *     cleared, because its bytes may be good; NOSUPP as {@link #badBlocks}, without libndctl, and
   *     where the platform cannot clear; IO_FAIL if it is still bad afterwards; a negative errno,
   *     EBADF for a source that is not writable
   */
  public void clearBadBlock(BadBlock block) {
    new LostRanges(platform).clear(requireFile("clear a bad block of"), block);
  }

  /**
   * Reads bytes of the source without mapping it, as {@code pmem2_source_pread_mcsafe} does: data
   * that the medium has lost causes an exception, never a signal.
   *
   * @param offset first byte in the source
   * @param destination the memory to fill; after an exception its content is undefined
   * @throws PmemException LENGTH_OUT_OF_RANGE if the source does not have that many bytes there;
   *     IO_FAIL if one of them cannot be read; SOURCE_TYPE_NOT_SUPPORTED for anonymous memory; for
   *     a device, as {@link MapConfig#map}; a negative errno
   * @throws IllegalArgumentException if the offset is negative, or the destination read-only
   */
  public void read(long offset, MemorySegment destination) {
    MediumIo io = io("read", offset, destination.byteSize());
    if (destination.isReadOnly()) {
      throw new IllegalArgumentException("the destination is read-only: " + destination);
    }
    io.read(offset, destination);
  }

  /**
   * Writes bytes of the source without mapping it, as {@code pmem2_source_pwrite_mcsafe} does: a
   * damaged medium causes an exception, never a signal. The source does not grow.
   *
   * <p>On a device the bytes are durable on return. In a file they are as after {@code pwrite(2)}:
   * durable after {@code fsync}, or after {@link PmemMap#deepFlush} of a map.
   *
   * @param offset first byte in the source
   * @param content the bytes to write
   * @throws PmemException LENGTH_OUT_OF_RANGE if the source does not have that many bytes there;
   *     IO_FAIL if the range has a bad block or fails otherwise; its content is then undefined;
   *     SOURCE_TYPE_NOT_SUPPORTED for anonymous memory; for a device, as {@link MapConfig#map}; a
   *     negative errno, EBADF for a source that is not writable
   * @throws IllegalArgumentException if the offset is negative
   */
  public void write(long offset, MemorySegment content) {
    io("write", offset, content.byteSize()).write(offset, content);
  }

  /**
   * Makes a file longer. The new part is zeros that are really written, not a hole; it and the
   * file's length are durable on return. If that fails the file has its old length. Maps that exist
   * do not grow; one of the new part can be made beside them.
   *
   * @param sizeBytes the new length, more than {@link #sizeBytes}
   * @throws PmemException SOURCE_TYPE_NOT_SUPPORTED for a device or anonymous memory; a negative
   *     errno: ENOSPC if the file system has no room, EBADF for a source that is not writable
   * @throws IllegalArgumentException if the file is not shorter
   */
  public void extend(long sizeBytes) {
    if (file == null || file.isDevice()) {
      throw Failures.of(
          "extend", place(), PmemError.SOURCE_TYPE_NOT_SUPPORTED, "only a file can become longer");
    }
    long before = sizeBytes();
    if (sizeBytes <= before) {
      throw new IllegalArgumentException(
          place() + " has " + before + " bytes; " + sizeBytes + " are not more");
    }
    new MediumIo(file, platform).extend(before, sizeBytes);
  }

  private MediumIo io(String operation, long offset, long length) {
    if (file == null) {
      throw Failures.of(
          operation, place(), PmemError.SOURCE_TYPE_NOT_SUPPORTED, "it is only memory");
    }
    MediumIo.requireRange(operation, place(), offset, length, sizeBytes());
    if (length != 0) {
      requireMappable();
    }
    return new MediumIo(file, platform);
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
   * on this source's own open file description. The lock is held until {@link #close}; the kernel
   * releases it when the process ends in any way. Other streams on the file do not disturb it.
   * Programs that do not ask for the lock are not kept out.
   *
   * @return false if another process or source holds it; true if this source holds it now or
   *     already did
   * @throws PmemException INVALID_FILE_TYPE for a kind that cannot be mapped; a negative errno
   *     where the file system cannot lock
   */
  public boolean tryLock() {
    kind().requireLockable(place());
    return file == null || file.descriptor().tryLock(LibC.LOCK_EX);
  }

  /**
   * Takes a shared lock: as {@link #tryLock}, but other sources and processes may hold shared locks
   * at the same time. A source that holds a lock keeps the one that it has.
   *
   * @return false if another process or source holds an exclusive lock; true if this source holds a
   *     lock now or already did
   * @throws PmemException as {@link #tryLock}
   */
  public boolean tryLockShared() {
    kind().requireLockable(place());
    return file == null || file.descriptor().tryLock(LibC.LOCK_SH);
  }

  /** Releases the lock and the descriptor, if the source owns it. */
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
    kind().requireMappable(place());
  }
}
