package io.lode.pool;

import io.lode.pmem.Source;
import io.lode.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Makes the file of a new pool. Zeros are really written: a hole would meet a full disk at some
 * later store, where the error can be lost, and allocated but unwritten space makes every first
 * sync of a page commit the file system's journal.
 */
final class NewFile {
  private static final int CHUNK_BYTES = 1 << 20;

  private NewFile() {}

  /**
   * Makes a file of zeros that was not there, durable with its name; what was begun is removed on
   * failure.
   */
  static void make(Path path, long sizeBytes) {
    uninterrupted(() -> make(path, path.toString(), sizeBytes));
  }

  /**
   * Does something with channels, which an interrupt of the thread that uses them closes: on a
   * thread of its own, so the caller may be interrupted, now or before, and stays so.
   */
  private static void uninterrupted(Runnable action) {
    var work = new FutureTask<>(action, true);
    Thread maker = Thread.ofPlatform().daemon().name("lode-new-file").start(work);
    boolean interrupted = false;
    while (maker.isAlive()) {
      try {
        maker.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (work.state() == Future.State.FAILED) {
      switch (work.exceptionNow()) {
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case Throwable checked -> throw new AssertionError("it throws none", checked);
      }
    }
  }

  /** Makes a file in whose errors it has another name. */
  private static void make(Path path, String name, long sizeBytes) {
    if (Files.isSymbolicLink(path)) {
      throw new StoreException.Foreign(
          name,
          "is a symbolic link, and no file is made through one; nothing was changed. Name the file"
              + " itself");
    }
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    boolean made = false;
    // CREATE_NEW refuses symbolic links too, so nothing is ever made where it was not asked for.
    try (FileChannel file =
        FileChannel.open(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      made = true;
      checkRoom(path, name, sizeBytes);
      writeZeros(file, sizeBytes);
      file.force(true);
      syncFolder(path);
    } catch (IOException | StoreException failure) {
      StoreException translated =
          failure instanceof IOException io
              ? translated(name, sizeBytes, io)
              : (StoreException) failure;
      if (made) {
        removeAfter(translated, path);
      }
      throw translated;
    }
  }

  /**
   * Replaces a file that nobody has open as a pool: the new one is made beside it, and takes its
   * name when it is complete. Until then the old one is as it was.
   *
   * @param complete makes of the file of zeros what it is to be, durably
   */
  static void replace(Path path, long sizeBytes, Consumer<Path> complete) {
    uninterrupted(() -> replaceNow(path, sizeBytes, complete));
  }

  private static void replaceNow(Path path, long sizeBytes, Consumer<Path> complete) {
    String name = path.toString();
    Path beside = path.resolveSibling(path.getFileName() + ".new-" + UUID.randomUUID());
    try (Source old = PoolErrors.translate(name, () -> Source.of(path))) {
      if (!PoolErrors.translate(name, old::tryLock)) {
        throw new StoreException.Locked(name, "is in use; close it there, then try again");
      }
      make(beside, name, sizeBytes);
      try {
        complete.accept(beside);
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(path);
      } catch (Throwable failure) {
        removeAfter(failure, beside);
        throw failure;
      }
    } catch (IOException failure) {
      throw new StoreException.Io(name, "cannot be replaced: " + failure.getMessage(), failure);
    }
  }

  /** Removes what was begun, after a failure that is the more important one. */
  static void removeAfter(Throwable failure, Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  /** Tells at once what would otherwise be found out after writing for minutes. */
  private static void checkRoom(Path path, String name, long sizeBytes) throws IOException {
    FileStore store = Files.getFileStore(path);
    // Some file systems tell neither.
    if (store.getTotalSpace() > 0 && store.getUsableSpace() < sizeBytes) {
      throw noRoom(name, sizeBytes);
    }
  }

  private static void writeZeros(FileChannel file, long sizeBytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long written = 0;
    while (written < sizeBytes) {
      zeros.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - written));
      while (zeros.hasRemaining()) {
        written += file.write(zeros);
      }
    }
  }

  /** Makes the file's name durable: it is an entry of its folder, which is synced on its own. */
  private static void syncFolder(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static StoreException translated(String name, long sizeBytes, IOException failure) {
    return switch (failure) {
      case FileAlreadyExistsException _ ->
          new StoreException.Foreign(
              name,
              "exists already; nothing was changed. Give another path, remove it first, or say that"
                  + " it may be overwritten");
      case NoSuchFileException _ ->
          new StoreException.Missing(name, "its folder is not there; make it first", failure);
      case AccessDeniedException _ ->
          new StoreException.ReadOnly(name, "its folder may not be written", failure);
      case FileSystemException refused when isReadOnly(refused) ->
          new StoreException.ReadOnly(name, "its file system is read-only", failure);
      default -> noRoomOrOther(name, sizeBytes, failure);
    };
  }

  private static StoreException noRoomOrOther(String name, long sizeBytes, IOException failure) {
    String said = String.valueOf(failure.getMessage());
    if (said.contains("No space left") || said.contains("Disk quota")) {
      return noRoom(name, sizeBytes);
    }
    return new StoreException.Io(name, "cannot be made: " + said, failure);
  }

  private static StoreException noRoom(String name, long sizeBytes) {
    return new StoreException.Full(
        name,
        "the file system has no room for "
            + sizeBytes
            + " bytes; no file was left. Free space or ask for a smaller pool");
  }

  private static boolean isReadOnly(FileSystemException failure) {
    return String.valueOf(failure.getReason()).contains("Read-only file system");
  }
}
