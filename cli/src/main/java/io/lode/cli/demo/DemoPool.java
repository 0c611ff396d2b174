package io.lode.cli.demo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The demo's pool. Whatever it creates is removed when it is closed, or when the process is asked
 * to end before that.
 */
final class DemoPool implements AutoCloseable {
  private static final long MIB = 1L << 20;
  private static final String FOLDER_PREFIX = "lode-demo-";
  private static final String FILE_NAME = "demo.pool";

  private final Path path;
  private final @Nullable Path folder;
  private final boolean madeHere;
  private final boolean mayOverwrite;
  private final Thread atExit = new Thread(this::remove, "lode-demo-cleanup");

  @GuardedBy("this")
  private boolean created;

  @GuardedBy("this")
  private boolean removed;

  private DemoPool(Path path, @Nullable Path folder, boolean mayOverwrite) {
    this.path = path;
    this.folder = folder;
    this.madeHere = !Files.exists(path);
    this.mayOverwrite = mayOverwrite;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Chooses a pool in a new folder. */
  static DemoPool inFreshFolder() throws IOException {
    Path folder = Files.createTempDirectory(FOLDER_PREFIX);
    return new DemoPool(folder.resolve(FILE_NAME), folder, false);
  }

  /** Returns the folders of demos that were killed before they could remove them. */
  static List<Path> leftBehind() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, FOLDER_PREFIX + "*")) {
      for (Path folder : folders) {
        Path pool = folder.resolve(FILE_NAME);
        if (Files.isRegularFile(pool, LinkOption.NOFOLLOW_LINKS) && !isInUse(pool)) {
          left.add(folder);
        }
      }
    }
    return left;
  }

  private static boolean isInUse(Path pool) {
    try (Source source = Source.readOnly(pool)) {
      return !source.tryLockShared();
    } catch (PmemException unknown) {
      return true;
    }
  }

  /** Chooses a pool at a path that does not exist yet, or that is a pool or a device. */
  static DemoPool at(Path path, boolean mayOverwrite) {
    if (mayOverwrite && Files.isRegularFile(path)) {
      requireIsPool(path);
    }
    return new DemoPool(path, null, mayOverwrite);
  }

  /** Only pools are overwritten: any other file is kept, whatever the command line says. */
  private static void requireIsPool(Path path) {
    try {
      KvStore.open(path, KvConfig.builder().acceptLoss(true).build()).close();
    } catch (StoreException.Foreign foreign) {
      throw new StoreException.Foreign(
          path.toString(), "is not a pool and is not overwritten; nothing was changed");
    }
  }

  Path path() {
    return path;
  }

  boolean isRemovedAtTheEnd() {
    return madeHere;
  }

  /**
   * Creates an empty pool that is large enough for the files; the second call replaces the first
   * pool.
   */
  synchronized KvStore create(JdkImage image) throws IOException {
    if (removed) {
      throw new IllegalStateException("the demo is being ended");
    }
    KvStore store =
        KvStore.create(
            path,
            KvConfig.builder()
                .capacityBytes(capacityBytes(image))
                .overwrite(created || mayOverwrite)
                .build());
    created = true;
    return store;
  }

  /**
   * One and a half times the size of the files, to allow for headers, padding, summaries and ends
   * of segments.
   */
  private static long capacityBytes(JdkImage image) throws IOException {
    long bytes = 0;
    for (int index = 0; index < image.count(); index++) {
      bytes += image.sizeBytes(index) + image.key(index).length;
    }
    return ((bytes + bytes / 2) / MIB + 64) * MIB;
  }

  private synchronized void remove() {
    if (removed) {
      return;
    }
    removed = true;
    try {
      if (madeHere && created) {
        Files.deleteIfExists(path);
      }
      if (folder != null) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException left) {
      System.err.println("lode: " + path + " could not be removed: " + left.getMessage());
    }
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException alreadyEnding) {
      // The hook is running then, and finds nothing to do.
      return;
    }
  }
}
