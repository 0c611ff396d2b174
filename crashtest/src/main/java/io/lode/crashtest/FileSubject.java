package io.lode.crashtest;

import java.nio.file.Path;

/**
 * A structure in a file of its own, as {@link FileCrashTest} sees it. An implementation is a class
 * with a constructor that takes nothing, in one of the packages under test.
 */
public interface FileSubject {
  /**
   * Makes the structure. When it returns the file is promised to survive.
   *
   * @param path a file that does not exist
   */
  void make(Path path);

  /**
   * Opens the structure, empty as it was made.
   *
   * @param path what a crash has left, perhaps nothing
   * @throws RuntimeException if there is none, or it is not empty
   */
  void open(Path path);

  /**
   * Tells whether an exception is an answer: there is none, or no room for one.
   *
   * @param failure what {@link #make} or {@link #open} has thrown
   * @return true if it is
   */
  boolean isRefusal(Throwable failure);
}
