package io.lode.crashtest.trace;

import java.nio.file.Path;

/**
 * An operation of the code under test on a file, through a channel.
 *
 * @param kind the kind of operation
 * @param path the file or folder
 * @param end the end of the written bytes, 0 if there are none
 */
public record FileEvent(Kind kind, Path path, long end) {
  /** The kinds of operations. */
  public enum Kind {
    /** A file was created: its name is durable once its folder is synced. */
    CREATED,
    /** Bytes were written: they and the file's length are durable once the file is synced. */
    WRITTEN,
    /** A file was synced. */
    SYNCED,
    /** A folder was synced. */
    FOLDER_SYNCED
  }

  /** Is notified before each operation on a file and may make it fail. */
  @FunctionalInterface
  public interface Observer {
    /**
     * Receives a notification.
     *
     * @param event what is about to happen
     * @throws java.io.IOException to make the operation fail
     */
    void next(FileEvent event) throws java.io.IOException;
  }
}
