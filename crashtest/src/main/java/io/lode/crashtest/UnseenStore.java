package io.lode.crashtest;

import io.lode.crashtest.trace.InstrumentingLoader;
import java.util.List;
import java.util.stream.Collectors;

/** Memory changed and no store was seen, so that crashes of it cannot be tried. */
final class UnseenStore extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String where;

  private UnseenStore(String message, String operation, String where) {
    super(message);
    this.operation = operation;
    this.where = where;
  }

  /**
   * Describes a store.
   *
   * @param operation the operation during which memory changed
   * @param structure the class of the structure
   * @param offset the first byte that changed
   * @param packages the packages under test
   */
  static UnseenStore by(String operation, Class<?> structure, long offset, List<String> packages) {
    String changed = "byte " + offset + " was changed by " + operation + "; ";
    if (isOutside(structure)) {
      return new UnseenStore(
          "no store of " + structure.getName() + " was seen but memory changed",
          operation,
          changed
              + "its package is not under test: add packages(\""
              + structure.getPackageName()
              + "\")");
    }
    return new UnseenStore(
        "a store was not seen but memory changed",
        operation,
        changed
            + "not by a call in the packages under test ("
            + packages.stream()
                .map(name -> name.isEmpty() ? "the unnamed package" : name)
                .collect(Collectors.joining(", "))
            + "), or through a ByteBuffer or a method reference: add the package, or use diffMode");
  }

  private static boolean isOutside(Class<?> structure) {
    ClassLoader loader = structure.getClassLoader();
    return loader != null
        && !(loader instanceof InstrumentingLoader)
        && !InstrumentingLoader.isOwn(structure.getPackageName());
  }

  String operation() {
    return operation;
  }

  /** Returns what changed, and what to do about it. */
  String where() {
    return where;
  }
}
