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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes the file of a new pool. Zeros are really written: a hole would meet a full disk at some
 * later store, where the error can be lost, and allocated but unwritten space makes every first
 * sync of a page commit the file system's journal.
 */
final class NewFile {
  private static final int CHUNK_BYTES = 1 << 20;

  private NewFile() {}

  /** Makes a file of zeros, durable with its name; on failure the unfinished file is removed. */
  static void make(Path path, long sizeBytes, boolean overwrite) {
    if (overwrite) {
      removeOld(path);
    }
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    boolean made = false;
    // CREATE_NEW refuses symbolic links too, so nothing is ever made where it was not asked for.
    try (FileChannel file =
        FileChannel.open(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      made = true;
      checkRoom(path, sizeBytes);
      writeZeros(file, sizeBytes);
      file.force(true);
      syncFolder(path);
    } catch (IOException | StoreException failure) {
      StoreException translated =
          failure instanceof IOException io
              ? translated(path, sizeBytes, io)
              : (StoreException) failure;
      if (made) {
        removeAfter(translated, path);
      }
      throw translated;
    }
  }

  /** Removes an unfinished file after a failure, to which an error of the removal is added. */
  static void removeAfter(Throwable failure, Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  private static void removeOld(Path path) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String name = path.toString();
    try (Source old = PoolErrors.translate(name, () -> Source.of(path))) {
      if (!PoolErrors.translate(name, old::tryLock)) {
        throw new StoreException.Locked(name, "is in use; close it there, then try again");
      }
      Files.delete(path);
    } catch (IOException failure) {
      throw new StoreException.Io(name, "cannot be replaced: " + failure.getMessage(), failure);
    }
  }

  /** Refuses at once, and not after minutes of writing, if the file system lacks room. */
  private static void checkRoom(Path path, long sizeBytes) throws IOException {
    FileStore store = Files.getFileStore(path);
    // Some file systems tell neither.
    if (store.getTotalSpace() > 0 && store.getUsableSpace() < sizeBytes) {
      throw noRoom(path.toString(), sizeBytes);
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

  private static StoreException translated(Path path, long sizeBytes, IOException failure) {
    String name = path.toString();
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
