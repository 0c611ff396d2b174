package io.lode.crashtest.trace;

import java.nio.file.Path;

/**
 * Something that code under test did to a file through a channel.
 *
 * @param kind what
 * @param path the file or folder
 * @param end where the bytes written end, 0 if none were
 */
public record FileEvent(Kind kind, Path path, long end) {
  /** What can be done. */
  public enum Kind {
    /** A file was made: its name is durable once its folder is synced. */
    CREATED,
    /** Bytes were written: that and the file's length are durable once the file is synced. */
    WRITTEN,
    /** A file was synced. */
    SYNCED,
    /** A folder was synced. */
    FOLDER_SYNCED
  }

  /** Is told what is done to files, before it is done, and may let it fail. */
  @FunctionalInterface
  public interface Observer {
    /**
     * Is told.
     *
     * @param event what is about to happen
     * @throws java.io.IOException to let it fail
     */
    void next(FileEvent event) throws java.io.IOException;
  }
}
