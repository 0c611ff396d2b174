package io.lode.pmem;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.lode.pmem.internal.Platform;
import io.lode.pmem.internal.cpu.Routines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs in its own JVM: an operation on a page of a map that has no memory, after a given number of
 * good ones. Prints the outcome, and whether a later store was executed.
 *
 * <p>The map's first page is good; the page at {@link #BAD} is not, once {@code spoil} has run.
 */
final class FaultProbe {
  static final int BAD = 3 * 4096;
  private static final int COMMIT = 4000;
  private static final MemorySegment CONTENT = MemorySegment.ofArray(new byte[4096]);

  private FaultProbe() {}

  /** What is done to a range of a map. */
  private interface Operation {
    void run(PmemMap map, long offset);
  }

  /** Takes: the kind of map, the operation, the number of good ones before, the file. */
  public static void main(String[] args) throws IOException {
    String kind = args[0];
    Operation operation = operation(args[1]);
    int calls = Integer.parseInt(args[2]);
    Path file = Path.of(args[3]);
    try (Source source = kind.startsWith("synced") ? withoutRoutines(file) : Source.of(file);
        PmemMap map = config(kind).map(source)) {
      for (int i = 0; i < calls; i++) {
        require(step(operation, map, 0, (byte) 1));
      }
      require(step(operation, map, 0, (byte) 2));
      spoil(kind, file, map);
      for (int i = 0; i < 3; i++) {
        print(step(operation, map, BAD, (byte) 3), map, kind);
      }
      if (!kind.endsWith("closed")) {
        require(step(operation, map, 0, (byte) 4));
        System.out.println("good pages go on");
      }
    }
  }

  private static Source withoutRoutines(Path file) {
    Platform machine = Platform.ofThisMachine();
    return Source.open(
        file,
        true,
        new Platform(
            machine.files(),
            Optional::empty,
            machine.regionFinder(),
            new Routines.Lookup(null, "left out by the test")));
  }

  private static MapConfig config(String kind) {
    MapConfig config = MapConfig.of(Granularity.PAGE);
    return kind.startsWith("private") ? config.sharing(Sharing.PRIVATE) : config;
  }

  private static Operation operation(String name) {
    return switch (name) {
      case "copy16" -> (map, offset) -> map.copy(offset, CONTENT, 0, 16, CopyFlags.NONE);
      case "copy2000" -> (map, offset) -> map.copy(offset, CONTENT, 0, 2000, CopyFlags.NO_DRAIN);
      case "unflushed" -> (map, offset) -> map.copy(offset, CONTENT, 0, 200, CopyFlags.NO_FLUSH);
      case "streamed" -> (map, offset) -> map.copy(offset, CONTENT, 0, 256, CopyFlags.NON_TEMPORAL);
      case "fill" -> (map, offset) -> map.fill(offset, 1000, (byte) 9, CopyFlags.NONE);
      case "from" ->
          (map, offset) -> map.copy(1024, map.segment(), offset, 300, CopyFlags.NO_FLUSH);
      case "from-other" ->
          (map, offset) -> map.copy(1024, other(), offset, 300, CopyFlags.NO_DRAIN);
      case "store" ->
          (map, offset) -> {
            map.segment().set(JAVA_LONG_UNALIGNED, offset, 42);
            deliver();
          };
      case "load" ->
          (map, offset) -> {
            CONTENT.set(JAVA_BYTE, 0, map.segment().get(JAVA_BYTE, offset));
            deliver();
          };
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** A mapping of the JVM's own, of a file that is only one page long by now. */
  private static MemorySegment other() {
    try {
      Path file = Files.createTempFile(Path.of("/dev/shm"), "lode-test", ".other");
      try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
        MemorySegment memory = channel.map(READ_WRITE, 0, 1 << 16, Arena.global());
        channel.truncate(4096);
        return memory;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link PmemMap} tells its users to end a guarded access. */
  private static void deliver() {
    boolean _ = Thread.holdsLock(FaultProbe.class);
  }

  /** The method that is compiled: what is asked for, then a store that must not be executed. */
  private static @Nullable Throwable step(
      Operation operation, PmemMap map, long offset, byte commit) {
    try {
      operation.run(map, offset);
      map.segment().set(JAVA_BYTE, COMMIT, commit);
      return null;
    } catch (PmemException | InternalError | IllegalStateException e) {
      return e;
    }
  }

  private static void spoil(String kind, Path file, PmemMap map) throws IOException {
    if (kind.endsWith("truncated")) {
      try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
        other.setLength(4096);
      }
    } else if (kind.endsWith("closed")) {
      map.close();
    }
  }

  private static void require(@Nullable Throwable failure) {
    if (failure != null) {
      throw new AssertionError("a good page", failure);
    }
  }

  private static void print(@Nullable Throwable outcome, PmemMap map, String kind) {
    String name =
        outcome instanceof PmemException e
            ? e.error().toString()
            : outcome == null ? "nothing" : outcome.getClass().getSimpleName();
    byte commit = kind.endsWith("closed") ? 2 : map.segment().get(JAVA_BYTE, COMMIT);
    System.out.println(name + (commit == 2 ? "" : ", and the store behind it was executed"));
  }
}
