package io.lode.numa;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A device's memory, mapped shared and for writing: a file on the DAX file system of the emulated
 * machine, by huge pages or by small ones, or its devdax device.
 */
@SuppressWarnings("restricted")
final class DaxMemory implements AutoCloseable {
  static final long HUGE = 2 << 20;
  private static final long SEARCHED_BYTES = 16 * HUGE;
  private static final int O_RDWR = 2;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle MMAP =
      handle(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final MemorySegment range;
  private final int node;

  /** What is mapped. */
  enum Kind {
    HUGE_PAGES,
    SMALL_PAGES,
    DEVDAX
  }

  private DaxMemory(Path path, long offset, long bytes, Path device) throws IOException {
    this.range = map(path, offset, bytes);
    this.node = Integer.parseInt(Files.readString(device.resolve("numa_node")).strip());
  }

  /** Maps memory of which no page was touched by this process. */
  static DaxMemory map(Kind kind) throws IOException {
    if (kind == Kind.DEVDAX) {
      Path path = Path.of(System.getenv("LODE_DEVDAX"));
      Path device = Path.of("/sys/bus/dax/devices").resolve(path.getFileName());
      return new DaxMemory(path, 0, 2 * HUGE, device);
    }
    if (kind == Kind.SMALL_PAGES) {
      // A file below 2 MiB has no place for a huge page.
      long bytes = 16 * Numa.pageSizeBytes();
      Files.write(file(), new byte[(int) bytes]);
      return new DaxMemory(file(), 0, bytes, device());
    }
    allocate(SEARCHED_BYTES);
    return new DaxMemory(file(), offsetOfHugePage(), HUGE, device());
  }

  /**
   * Where a file system puts a file, and so which of its parts are by huge pages, is its choice.
   */
  private static long offsetOfHugePage() throws IOException {
    DaxMemory whole = new DaxMemory(file(), 0, SEARCHED_BYTES, device());
    try {
      for (long offset = 0; offset < SEARCHED_BYTES; offset += HUGE) {
        MemorySegment part = whole.range.asSlice(offset, HUGE);
        part.set(JAVA_BYTE, 0, (byte) 1);
        if (Pages.locate(part).count(PageReport.Status.ON_DEVICE) > 1) {
          return offset;
        }
      }
    } finally {
      whole.unmap();
    }
    throw new AssertionError("no part of " + SEARCHED_BYTES + " bytes is mapped by huge pages");
  }

  private static void allocate(long bytes) throws IOException {
    Files.deleteIfExists(file());
    String[] command = {"fallocate", "--length", Long.toString(bytes), file().toString()};
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Maps a file of holes. */
  static DaxMemory ofHoles() throws IOException {
    Path file = file();
    Files.deleteIfExists(file);
    try (var holes = new RandomAccessFile(file.toFile(), "rw")) {
      holes.setLength(4 * HUGE);
    }
    return new DaxMemory(file, 0, 4 * HUGE, device());
  }

  private static Path file() {
    return Path.of(System.getenv("LODE_FSDAX")).resolve("numa-it");
  }

  private static Path device() throws IOException {
    Path name = Path.of(System.getenv("LODE_FSDAX_DEVICE")).getFileName();
    Path device = Path.of("/sys/block").resolve(name).resolve("device").toRealPath();
    try (Stream<Path> above = Stream.iterate(device, Path::getParent).limit(4)) {
      return above
          .filter(path -> Files.exists(path.resolve("numa_node")))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The memory. */
  MemorySegment range() {
    return range;
  }

  /** The node of the device, by sysfs. */
  int node() {
    return node;
  }

  /** Another node that has memory. */
  int otherNode() {
    return MemoryPolicy.allowedNodes().minus(NodeSet.of(node)).first().orElseThrow();
  }

  void touchAll() {
    for (long offset = 0; offset < range.byteSize(); offset += Numa.pageSizeBytes()) {
      range.set(JAVA_BYTE, offset, (byte) 1);
    }
  }

  private static MemorySegment map(Path path, long offset, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), O_RDWR);
      assertThat(fd).as("open " + path).isNotNegative();
      long address = (long) MMAP.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_SHARED, fd, offset);
      assertThat(address).as("map " + path).isNotEqualTo(-1);
      assertThat((int) CLOSE.invokeExact(fd)).isZero();
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    unmap();
    Files.deleteIfExists(file());
  }

  private void unmap() {
    try {
      assertThat((int) MUNMAP.invokeExact(range.address(), range.byteSize())).isZero();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }
}
