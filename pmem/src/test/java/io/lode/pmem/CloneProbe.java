package io.lode.pmem;

import static io.lode.pmem.SystemFixture.run;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Runs in its own JVM, on a file system whose files can share blocks: clones a file that is mapped,
 * takes all room, and stores. Prints what each step comes to.
 */
final class CloneProbe {
  private static final int FILE_BYTES = 16 << 20;
  private static final int BYTES = 3000;
  private static final long FIRST = 4096;
  private static final long LATER = 8 << 20;

  private final Path folder;
  private final Path file;
  private final Path clone;
  private final MemorySegment content = MemorySegment.ofArray(new byte[BYTES]).fill((byte) 7);

  private CloneProbe(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("mapped");
    this.clone = folder.resolve("clone");
  }

  /** Takes: the folder. */
  public static void main(String[] args) throws Exception {
    new CloneProbe(Path.of(args[0])).runAll();
  }

  private void runAll() throws Exception {
    Files.write(file, new byte[FILE_BYTES]);
    run("sync");
    try (Source source = Source.of(file);
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
      say("before", () -> store(map, FIRST));
      cloneFile();
      takeAllRoom();
      say("copy", () -> store(map, FIRST));
      say("fill", () -> map.fill(FIRST, BYTES, (byte) 7, CopyFlags.NO_DRAIN));
      say("unflushed", () -> map.copy(LATER, content, 0, 64, CopyFlags.NO_FLUSH));
      say("allocate", () -> map.ensureAllocated(LATER, 1 << 20));
      say("load", () -> map.segment().get(JAVA_BYTE, LATER));
      say("flush", () -> map.persist(0, FILE_BYTES));
      giveRoom();
      say("allocate with room", () -> map.ensureAllocated(LATER, 1 << 20));
      takeAllRoom();
      say("allocated", () -> store(map, LATER));
      say("still shared", () -> store(map, 0));
      giveRoom();
      say("copy with room", () -> store(map, FIRST));
      punch(LATER);
      takeAllRoom();
      say("hole", () -> map.fill(LATER, 1 << 20, (byte) 7, CopyFlags.NONE));
      giveRoom();
      say("hole with room", () -> map.fill(LATER, 1 << 20, (byte) 7, CopyFlags.NONE));
      run("truncate", "-s", Long.toString(LATER), file.toString());
      say("truncated", () -> store(map, LATER));
      say("before the end", () -> store(map, FIRST));
    }
    mapOfCloneCopiesNothing();
    fullFileSystemOpensWhatNeedsNoRoom();
  }

  private void store(PmemMap map, long offset) {
    map.copy(offset, content, 0, BYTES, CopyFlags.NON_TEMPORAL);
  }

  private void mapOfCloneCopiesNothing() throws Exception {
    cloneFile();
    long before = Files.getFileStore(folder).getUsableSpace();
    try (Source source = Source.of(clone);
        PmemMap map = MapConfig.of(Granularity.CACHE_LINE).map(source)) {
      long after = Files.getFileStore(folder).getUsableSpace();
      System.out.println(
          "map of a clone: " + (before - after < FILE_BYTES / 4 ? "no copy" : "copied"));
      say("store to a clone", () -> store(map, FIRST));
    }
  }

  private void fullFileSystemOpensWhatNeedsNoRoom() throws Exception {
    takeAllRoom();
    say(
        "map when full",
        () -> {
          try (Source source = Source.of(file)) {
            MapConfig.of(Granularity.CACHE_LINE).map(source).close();
          }
        });
    giveRoom();
  }

  private void cloneFile() throws IOException, InterruptedException {
    Files.deleteIfExists(clone);
    run("cp", "--reflink=always", file.toString(), clone.toString());
  }

  private void punch(long offset) throws IOException, InterruptedException {
    run("fallocate", "-p", "-o", "" + offset, "-l", "2MiB", file.toString());
  }

  private void takeAllRoom() throws IOException, InterruptedException {
    byte[] bytes = new byte[1 << 20];
    for (int size = bytes.length; size >= 4096; size /= 16) {
      fillUp(folder.resolve("filler" + size), bytes, size);
      run("sync");
    }
  }

  private static void fillUp(Path filler, byte[] bytes, int size) {
    try (OutputStream out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(bytes, 0, size);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space")) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void giveRoom() throws IOException, InterruptedException {
    for (int size = 1 << 20; size >= 4096; size /= 16) {
      Files.deleteIfExists(folder.resolve("filler" + size));
    }
    run("sync");
  }

  /** What is tried. */
  private interface Step {
    void run();
  }

  private static void say(String name, Step step) {
    String outcome;
    try {
      step.run();
      outcome = "done";
    } catch (PmemException e) {
      outcome = e.errno().isPresent() ? "-" + e.errno().getAsInt() : e.error().toString();
      System.err.println(e.getMessage());
    }
    System.out.println(name + ": " + outcome);
  }
}
