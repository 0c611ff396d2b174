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
 * Tries every crash during the creation of a structure's file: the folder's entry, the file's
 * length and the written bytes are separate items, each durable only once it has been synced. Then
 * each call fails for lack of space, once and from then on.
 *
 * <p>Only calls of {@link FileChannel} are observed; stores to a map are the subject of {@link
 * CrashTest}.
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
   * The result of a run.
   *
   * @param images the number of crash states that were opened
   * @param failures the number of calls that were made to fail
   * @param wrong descriptions of what is wrong, empty if nothing is
   */
  public record Result(long images, long failures, List<String> wrong) {}

  /**
   * Tests a structure.
   *
   * @param subject a class whose package is under test
   * @param morePackages further packages under test, including their subpackages
   * @return the test
   */
  public static FileCrashTest of(Class<? extends FileSubject> subject, String... morePackages) {
    Packages.requirePackages(subject.getClassLoader(), List.of(morePackages));
    List<String> packages = new ArrayList<>(List.of(morePackages));
    packages.add(subject.getPackageName());
    return new FileCrashTest(subject, packages, UnaryOperator.identity());
  }

  /**
   * Plants a fault.
   *
   * @param mutant a fault of a method
   * @return a test with the fault
   */
  public FileCrashTest planted(Mutant mutant) {
    return new FileCrashTest(type, packages, mutant.mutation());
  }

  /**
   * Runs the test.
   *
   * @param folder an empty folder to work in, on any file system
   * @return the result; that no call of {@link FileChannel} was seen is wrong, too
   * @throws IOException if the folder cannot be written
   * @throws IllegalArgumentException if the subject cannot be created, or if there is no class in
   *     one of the packages
   */
  public Result run(Path folder) throws IOException {
    Tracer tracer = new Tracer();
    var loader = new InstrumentingLoader(type.getClassLoader(), packages, tracer, mutation);
    FileSubject subject = (FileSubject) Subjects.make(loader, type);
    Path path = folder.resolve("made");
    List<FileEvent> events = new ArrayList<>();
    tracer.observeFiles(events::add);
    subject.make(path);
    tracer.observeFiles(null);
    Packages.requireExisting(loader.getParent(), loader.unusedPackages());
    List<String> wrong = new ArrayList<>();
    if (events.isEmpty()) {
      wrong.add("no file call was seen: the code that makes the file is not in " + packages);
    }
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

  /** The state of the file after a crash, and the events before it. */
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
      // The write-back in progress may leave any intermediate length, or the length without the
      // bytes.
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
      wrong.add(what + ": it was created nevertheless");
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
