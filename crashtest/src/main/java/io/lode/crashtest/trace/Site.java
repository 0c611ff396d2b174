package io.lode.crashtest.trace;

/**
 * A place in the code under test that accesses persistent memory.
 *
 * @param className the class, with its package
 * @param method the method
 * @param line the source line, 0 if the class file does not tell
 * @param access the method called there, for example {@code set} or {@code flush}
 */
public record Site(String className, String method, int line, String access) {
  /** Where nothing is known. */
  public static final Site UNKNOWN = new Site("?", "?", 0, "?");

  /**
   * Names the place as it is printed, and as mutants are named.
   *
   * @return for example {@code SegmentWriter.append:63}
   */
  public String place() {
    return className.substring(className.lastIndexOf('.') + 1) + "." + method + ":" + line;
  }

  @Override
  public String toString() {
    return place() + " (" + access + ")";
  }
}
