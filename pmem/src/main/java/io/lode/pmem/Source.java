package io.lode.pmem;

import io.lode.pmem.internal.Descriptor;
import io.lode.pmem.internal.Durability;
import io.lode.pmem.internal.Failures;
import io.lode.pmem.internal.Locations;
import io.lode.pmem.internal.Mapping;
import io.lode.pmem.internal.OpenSource;
import io.lode.pmem.internal.PageSize;
import io.lode.pmem.internal.Platform;
import java.nio.file.FileSystems;
import java.nio.file.Path;
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
    if (file == null) {
      throw Failures.of("ask the NUMA node of", place(), PmemError.NOSUPP, "it is on no device");
    }
    file.requireOpen();
    return platform.regions().numaNode(file);
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

  @Nullable Descriptor descriptor() {
    return file == null ? null : file.descriptor();
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
