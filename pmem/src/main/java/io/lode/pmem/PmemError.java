package io.lode.pmem;

/**
 * The error codes of libpmem2, with its names and numbers ({@code PMEM2_E_*} in {@code
 * libpmem2/base.h}). A system error has no constant here: its code is the negative errno, and
 * {@link PmemException#errno} gives it.
 *
 * <p>The number -100002 was never assigned.
 */
public enum PmemError {
  /** Not one of the library's codes. */
  UNKNOWN(
      -100000,
      "not one of the library's codes",
      "read the message; a system error has its own number"),

  /** The source, the operating system or a missing library does not support it. */
  NOSUPP(
      -100001,
      "the source, the operating system or a missing library does not support it",
      "use another kind of source, or install what the message names"),

  /** No file handle was given. */
  FILE_HANDLE_NOT_SET(-100003, "no file handle was given", "give a descriptor"),

  /** The descriptor is closed, negative or write-only. */
  INVALID_FILE_HANDLE(
      -100004,
      "the descriptor is closed, negative or write-only",
      "give an open descriptor that may be read"),

  /** Neither a regular file nor a devdax device. */
  INVALID_FILE_TYPE(
      -100005,
      "neither a regular file nor a devdax device",
      "give a regular file or a /dev/dax device"),

  /** Offset and length pass the end of the source. */
  MAP_RANGE(
      -100006, "offset and length pass the end of the source", "map less, or grow the file first"),

  /** The address range is occupied. */
  MAPPING_EXISTS(-100007, "the address range is occupied", "choose another address range"),

  /** The config names no granularity. */
  GRANULARITY_NOT_SET(
      -100008,
      "the config names no granularity",
      "name the coarsest granularity that the program accepts"),

  /** The medium provides only a coarser granularity. */
  GRANULARITY_NOT_SUPPORTED(
      -100009,
      "the medium provides only a coarser granularity",
      "require a coarser granularity, or use a DAX medium"),

  /** The offset is out of range. */
  OFFSET_OUT_OF_RANGE(-100010, "the offset is out of range", "give a smaller offset"),

  /** The offset is not a multiple of the alignment. */
  OFFSET_UNALIGNED(
      -100011,
      "the offset is not a multiple of the alignment",
      "round the offset to the alignment of the source"),

  /** The device's alignment could not be read. */
  INVALID_ALIGNMENT_FORMAT(
      -100012, "the device's alignment could not be read", "check the device with ndctl list"),

  /** The device's alignment is not a power of two. */
  INVALID_ALIGNMENT_VALUE(
      -100013, "the device's alignment is not a power of two", "check the device with ndctl list"),

  /** The device's size could not be read. */
  INVALID_SIZE_FORMAT(
      -100014, "the device's size could not be read", "check the device with ndctl list"),

  /** The length is not a multiple of the alignment. */
  LENGTH_UNALIGNED(
      -100015,
      "the length is not a multiple of the alignment",
      "round the length to the alignment of the source"),

  /** There is no such map. */
  MAPPING_NOT_FOUND(-100016, "there is no such map", "name a range that holds a map"),

  /** The buffer is too small. */
  BUFFER_TOO_SMALL(-100017, "the buffer is too small", "give a longer buffer"),

  /** The source has no bytes. */
  SOURCE_EMPTY(-100018, "the source has no bytes", "grow the file first"),

  /** The sharing is unknown. */
  INVALID_SHARING_VALUE(-100019, "the sharing is unknown", "use SHARED or PRIVATE"),

  /** A devdax device cannot be mapped privately. */
  SRC_DEVDAX_PRIVATE(-100020, "a devdax device cannot be mapped privately", "map it shared"),

  /** The kind of address request is unknown. */
  INVALID_ADDRESS_REQUEST_TYPE(
      -100021, "the kind of address request is unknown", "use a reservation"),

  /** The address is not a multiple of the alignment. */
  ADDRESS_UNALIGNED(
      -100022,
      "the address is not a multiple of the alignment",
      "round the address to the alignment of the source"),

  /** No address was given. */
  ADDRESS_NULL(-100023, "no address was given", "give an address"),

  /** The range is not inside the map. */
  DEEP_FLUSH_RANGE(-100024, "the range is not inside the map", "flush a range of the map"),

  /** The region's number could not be read. */
  INVALID_REGION_FORMAT(
      -100025, "the region's number could not be read", "check the device with ndctl list"),

  /** No persistent memory region holds the source. */
  DAX_REGION_NOT_FOUND(
      -100026,
      "no persistent memory region holds the source",
      "use a devdax device, or a file on a DAX file system"),

  /** A block device's number could not be read. */
  INVALID_DEV_FORMAT(-100027, "a block device's number could not be read", "check /sys/block"),

  /** The bounds of the namespace could not be read. */
  CANNOT_READ_BOUNDS(
      -100028,
      "the bounds of the namespace could not be read",
      "run with the privilege to read them"),

  /** There is no further bad block. */
  NO_BAD_BLOCK_FOUND(
      -100029, "there is no further bad block", "nothing: this is the end of the list"),

  /** The length is out of range. */
  LENGTH_OUT_OF_RANGE(-100030, "the length is out of range", "give a smaller length"),

  /** The protection is unknown. */
  INVALID_PROT_FLAG(-100031, "the protection is unknown", "use READ_WRITE, READ or NONE"),

  /** The source was not opened for what the protection requires. */
  NO_ACCESS(
      -100032,
      "the source was not opened for what the protection requires",
      "open the source for writing, or map it with protection READ"),

  /** A map is still in the reservation. */
  VM_RESERVATION_NOT_EMPTY(-100033, "a map is still in the reservation", "close the maps first"),

  /** A map already covers part of the range. */
  MAP_EXISTS(-100034, "a map already covers part of the range", "close that map first"),

  /** The source has no descriptor. */
  FILE_DESCRIPTOR_NOT_SET(
      -100035, "the source has no descriptor", "use a source that is a file or device"),

  /** Not for this kind of source. */
  SOURCE_TYPE_NOT_SUPPORTED(
      -100036, "not for this kind of source", "use a source that is a file or device"),

  /** The medium could not be read or written. */
  IO_FAIL(
      -100037,
      "the medium could not be read or written",
      "check the medium for bad blocks and the file for its length");

  private static final int EINVAL = 22;
  private static final int ENOTSUP = 95;

  private final int code;
  private final String meaning;
  private final String advice;

  PmemError(int code, String meaning, String advice) {
    this.code = code;
    this.meaning = meaning;
    this.advice = advice;
  }

  /**
   * Returns libpmem2's number.
   *
   * @return a number from -100037 to -100000
   */
  public int code() {
    return code;
  }

  /**
   * Returns the meaning of the code.
   *
   * @return part of a sentence
   */
  public String meaning() {
    return meaning;
  }

  /**
   * Returns what can usually be done.
   *
   * @return part of a sentence
   */
  public String advice() {
    return advice;
  }

  /**
   * Returns the constant for a number.
   *
   * @param code any number
   * @return the constant, {@link #UNKNOWN} for a number that is not one of libpmem2's
   */
  public static PmemError of(int code) {
    for (PmemError error : values()) {
      if (error.code == code) {
        return error;
      }
    }
    return UNKNOWN;
  }

  /**
   * Turns a code into the nearest Linux error number, as {@code pmem2_err_to_errno} does.
   *
   * @param code a code of libpmem2 or a negative errno
   * @return the error number
   */
  public static int toErrno(int code) {
    if (code == NOSUPP.code) {
      return ENOTSUP;
    }
    return code <= UNKNOWN.code ? EINVAL : -code;
  }
}
