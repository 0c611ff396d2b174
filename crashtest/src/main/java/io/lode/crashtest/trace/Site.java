package io.lode.crashtest.trace;

/**
 * A place in the code under test that accesses persistent memory.
 *
 * @param className the class, with its package
 * @param method the method
 * @param line the source line, 0 if the class file does not have it
 * @param access the method called there, for example {@code set} or {@code flush}
 */
public record Site(String className, String method, int line, String access) {
  /** An unknown place. */
  public static final Site UNKNOWN = new Site("?", "?", 0, "?");

  /**
   * Returns the name of the place in reports and in the names of mutants.
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
