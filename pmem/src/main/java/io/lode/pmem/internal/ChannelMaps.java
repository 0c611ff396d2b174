package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jdk.nio.mapmode.ExtendedMapMode;

/** Maps fsdax files as the JDK does, for machines on which our own routines cannot run. */
final class ChannelMaps {
  private ChannelMaps() {}

  /**
   * Maps the file behind a descriptor; the range is inside the file, so it does not grow.
   *
   * @throws PmemException NOSUPP if the JDK cannot, IO_FAIL if the file cannot be mapped
   */
  static MemorySegment map(int fd, long offset, long lengthBytes, Arena arena, String place) {
    Path path = Path.of("/proc/self/fd/" + fd);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(ExtendedMapMode.READ_WRITE_SYNC, offset, lengthBytes, arena);
    } catch (UnsupportedOperationException e) {
      throw failure(arena, place, PmemError.NOSUPP, e);
    } catch (IOException e) {
      throw failure(arena, place, PmemError.IO_FAIL, e);
    }
  }

  private static PmemException failure(
      Arena arena, String place, PmemError error, Exception cause) {
    arena.close();
    PmemException failure = Failures.of("map", place, error, String.valueOf(cause.getMessage()));
    failure.initCause(cause);
    return failure;
  }
}
