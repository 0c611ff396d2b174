package io.lode.crashtest;

import java.nio.file.Path;

/**
 * A structure in its own file, to be tested by {@link FileCrashTest}. An implementation is a class
 * with a no-argument constructor in one of the packages under test.
 */
public interface FileSubject {
  /**
   * Creates the structure. Once this returns, the file must survive.
   *
   * @param path a file that does not exist
   */
  void make(Path path);

  /**
   * Opens the structure, which is still empty.
   *
   * @param path the file that a crash has left, which may not exist
   * @throws RuntimeException if there is no structure, or it is not empty
   */
  void open(Path path);

  /**
   * Tells whether an exception is a proper answer: there is no structure, or no space for one.
   *
   * @param failure the exception thrown by {@link #make} or {@link #open}
   * @return true if it is
   */
  boolean isRefusal(Throwable failure);
}
