package io.lode.crashtest;

import io.lode.crashtest.trace.FileEvent;
import io.lode.crashtest.trace.InstrumentingLoader;
import io.lode.crashtest.trace.Tracer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Tries every crash while a structure's file is made: the folder's entry, the file's length and
 * what was written are items of their own, each durable only when it was synced. Then every call
 * fails for want of space, once and from then on.
 *
 * <p>Calls of {@link FileChannel} are seen, not those of other classes, and not stores to a map,
 * which {@link CrashTest} tries.
 */
public final class FileCrashTest {
  private final Class<? extends FileSubject> type;
  private final List<String> packages;
  private final UnaryOperator<byte[]> mutation;

  private FileCrashTest(
      Class<? extends FileSubject> type, List<String> packages, UnaryOperator<byte[]> mutation) {
    this.type = type;
    this.packages = packages;
    this.mutation = mutation;
  }

  /**
   * What came of it.
   *
   * @param images how many states after a crash were opened
   * @param failures how many calls were let fail
   * @param wrong what is wrong, empty if nothing
   */
  public record Result(long images, long failures, List<String> wrong) {}

  /**
   * Tests a structure.
   *
   * @param subject a class whose package is under test
   * @param morePackages others, those below them included
   * @return the test, to be run
   */
  public static FileCrashTest of(Class<? extends FileSubject> subject, String... morePackages) {
    List<String> packages = new ArrayList<>(List.of(morePackages));
    packages.add(subject.getPackageName());
    return new FileCrashTest(subject, packages, UnaryOperator.identity());
  }

  /**
   * Plants a fault.
   *
   * @param mutant one of a method
   * @return a test with the fault
   */
  public FileCrashTest planted(Mutant mutant) {
    return new FileCrashTest(type, packages, mutant.mutation());
  }

  /**
   * Runs.
   *
   * @param folder an empty folder to work in, on any file system
   * @return what was tried and found
   * @throws IOException if the folder cannot be written
   */
  public Result run(Path folder) throws IOException {
    Tracer tracer = new Tracer();
    FileSubject subject = load(tracer);
    Path path = folder.resolve("made");
    List<FileEvent> events = new ArrayList<>();
    tracer.observeFiles(events::add);
    subject.make(path);
    tracer.observeFiles(null);
    List<String> wrong = new ArrayList<>();
    long images = 0;
    for (int crash = 0; crash <= events.size(); crash++) {
      images +=
          new Image(subject, path, events.subList(0, crash), crash == events.size()).tryAll(wrong);
    }
    Files.delete(path);
    for (int call = 0; call < events.size(); call++) {
      fail(tracer, subject, folder.resolve("failing"), call, false, wrong);
      fail(tracer, subject, folder.resolve("failing"), call, true, wrong);
    }
    return new Result(images, 2L * events.size(), List.copyOf(wrong));
  }

  private FileSubject load(Tracer tracer) {
    var loader = new InstrumentingLoader(type.getClassLoader(), packages, tracer, mutation);
    try {
      var constructor = loader.loadClass(type.getName()).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (FileSubject) constructor.newInstance();
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException(type.getName() + " cannot be made", failure);
    }
  }

  /** The states that a crash after some events can leave. */
  private record Image(FileSubject subject, Path path, List<FileEvent> done, boolean returned) {
    long tryAll(List<String> wrong) throws IOException {
      boolean created = false;
      boolean entryIsDurable = false;
      long written = 0;
      long durable = 0;
      for (FileEvent event : done) {
        switch (event.kind()) {
          case CREATED -> created = true;
          case WRITTEN -> written = Math.max(written, event.end());
          case SYNCED -> durable = written;
          case FOLDER_SYNCED -> entryIsDurable = created;
        }
      }
      long tried = 0;
      if (!entryIsDurable) {
        tried += tryOne(-1, wrong);
      }
      // What is written back last leaves any length in between, or the length without the bytes.
      TreeSet<Long> lengths = new TreeSet<>(List.of(durable, written, (durable + written) / 2));
      for (long length : created ? lengths : new TreeSet<Long>()) {
        tried += tryOne(length, wrong);
      }
      return tried;
    }

    private long tryOne(long length, List<String> wrong) throws IOException {
      Path image = path.resolveSibling("image");
      if (length >= 0) {
        Files.copy(path, image);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
          file.truncate(length);
        }
      }
      String what =
          "after "
              + done.size()
              + " file calls, "
              + (length < 0 ? "without the folder's entry" : "with a length of " + length);
      try {
        subject.open(image);
      } catch (RuntimeException failure) {
        if (returned || !subject.isRefusal(failure)) {
          wrong.add(what + ": " + failure);
        }
      } finally {
        Files.deleteIfExists(image);
      }
      return 1;
    }
  }

  private static void fail(
      Tracer tracer, FileSubject subject, Path path, int call, boolean always, List<String> wrong)
      throws IOException {
    int[] next = {0};
    tracer.observeFiles(event -> {
      int number = next[0]++;
      if (number == call || (always && number > call)) {
        throw new IOException("No space left on device");
      }
    });
    String what = "without space at file call " + call + (always ? " and after it" : "");
    try {
      subject.make(path);
      wrong.add(what + ": it was made nevertheless");
    } catch (RuntimeException failure) {
      if (!subject.isRefusal(failure)) {
        wrong.add(what + ": " + failure);
      }
    } finally {
      tracer.observeFiles(null);
    }
    if (Files.deleteIfExists(path)) {
      wrong.add(what + ": a file is left behind");
    }
  }
}
