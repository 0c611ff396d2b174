package io.lode.pmem.internal;

import io.lode.pmem.BadBlock;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.nio.file.Path;
import java.util.List;

/**
 * Lists and clears the bad blocks of a source.
 *
 * @param platform the machine
 */
public record LostRanges(Platform platform) {
  /** Returns the bad blocks, as {@link BadBlocks} does. */
  public List<BadBlock> of(OpenSource source) {
    return new BadBlocks(platform.files()).of(source);
  }

  /**
   * Refuses a range that is known to contain a bad block.
   *
   * @throws PmemException IO_FAIL
   */
  public void requireNone(OpenSource source, String operation, long offset, long length) {
    List<BadBlock> blocks = Backing.badBlocks(source, platform.files()).orElse(List.of());
    for (BadBlock block : blocks) {
      if (offset < block.end() && block.offset() < offset + length) {
        throw Failures.of(
            operation,
            MediumIo.range(source.place(), offset, length),
            PmemError.IO_FAIL,
            block + " is in the range",
            "give up its bytes with Source.clearBadBlock, or avoid it");
      }
    }
  }

  /**
   * Clears a bad block, whose bytes are lost.
   *
   * @throws PmemException NO_BAD_BLOCK_FOUND, IO_FAIL, NOSUPP, or a negative errno
   */
  public void clear(OpenSource source, BadBlock block) {
    String place = MediumIo.range(source.place(), block.offset(), block.lengthBytes());
    boolean listed =
        of(source).stream()
            .anyMatch(bad -> bad.offset() <= block.offset() && block.end() <= bad.end());
    if (!listed) {
      throw Failures.of(
          ClearError.OPERATION,
          place,
          PmemError.NO_BAD_BLOCK_FOUND,
          "no current bad block contains it",
          "list them again: what has been cleared or rewritten since is left alone");
    }
    if (source.isDevice()) {
      platform
          .regionFinder()
          .clearError(source, address(source) + block.offset(), block.lengthBytes());
    } else {
      replace(source, block, place);
    }
    boolean still =
        of(source).stream()
            .anyMatch(bad -> bad.offset() < block.end() && block.offset() < bad.end());
    if (still) {
      throw Failures.of(
          ClearError.OPERATION,
          place,
          PmemError.IO_FAIL,
          "it is still bad",
          "try again; if it stays, move the data to another file or device");
    }
  }

  private long address(OpenSource source) {
    Path device = platform.files().characterDevice(source.status().device()).orElseThrow();
    return BadBlocks.resource(device, source);
  }

  /** Makes the file system replace the blocks. */
  private static void replace(OpenSource source, BadBlock block, String place) {
    LibC libc = SystemCalls.libc(ClearError.OPERATION);
    int punch = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;
    for (int mode : new int[] {punch, LibC.FALLOC_FL_KEEP_SIZE}) {
      int errno =
          source
              .descriptor()
              .use(fd -> Backing.allocate(libc, fd, mode, block.offset(), block.lengthBytes()));
      if (errno != 0) {
        throw Failures.errno(ClearError.OPERATION, place, errno);
      }
    }
  }
}
